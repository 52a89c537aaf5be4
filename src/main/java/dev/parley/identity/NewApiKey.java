package dev.parley.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The body of `POST /v1/keys`.
///
/// @param scopes what the key may do; [Scopes#DEFAULT] when absent
/// @param user the end user the key acts for, if it is one user's
/// @param expiresAt Unix time in seconds; never when absent
@RegisterForReflection
record NewApiKey(
        @NotBlank @Size(max = 200) String name,
        @Nullable Set<String> scopes,
        @Size(max = 200) @Nullable String user,
        @JsonProperty("expires_at") @Nullable Long expiresAt) {

    /// A key that does all a tenant's admin may, for good.
    static NewApiKey admin(String name) {
        return new NewApiKey(name, Scopes.OF_TENANT, null, null);
    }

    Set<String> scopesOrDefault() {
        return scopes == null ? Scopes.DEFAULT : scopes;
    }
}
