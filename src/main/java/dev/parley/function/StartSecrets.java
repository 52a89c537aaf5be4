package dev.parley.function;

import dev.parley.aws.SecretProperties;
import dev.parley.aws.SecretProperties.Secret;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Configuration that is secret: where a variable names a secret of AWS Secrets Manager, its members become logins of
/// this process, or its environment variables. A new value is read by the next process; Terraform makes a new
/// version of the functions for it.
///
/// Costs one wait for an answer at a start that needs any, and nothing at others.
final class StartSecrets {

    private StartSecrets() {}

    /// Before the configuration is read.
    static void load(Map<String, String> environment) {
        @Nullable String login = environment.get("PARLEY_DATABASE_SECRET");
        @Nullable String providers = environment.get("PARLEY_PROVIDERS_SECRET");
        @Nullable String app = environment.get("PARLEY_APP_SECRET");
        if (login == null && providers == null && app == null) {
            return;
        }
        var secrets = new SecretProperties(environment);
        Optional<Secret> askedLogin = Optional.ofNullable(login).map(secrets::ask);
        Optional<Secret> askedProviders = Optional.ofNullable(providers).map(secrets::ask);
        Optional<Secret> askedApp = Optional.ofNullable(app).map(secrets::ask);
        askedLogin.ifPresent(secret -> setLogin("quarkus.datasource.", secret));
        askedApp.ifPresent(secret -> setLogin("parley.postgres.app-login.", secret));
        askedProviders.ifPresent(secret -> SecretVariables.set(secret.members()));
    }

    private static void setLogin(String prefix, Secret secret) {
        Map<String, String> members = secret.members();
        for (String name : new String[] {"username", "password"}) {
            String value = members.get(name);
            if (value == null) {
                throw new IllegalStateException("The secret %s has no '%s'.".formatted(secret.id(), name));
            }
            System.setProperty(prefix + name, value);
        }
    }
}
