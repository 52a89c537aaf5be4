package dev.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BootstrapTest {

    @Test
    void theDevelopmentKeyIsRefusedOutsideDevelopment() {
        assertThatThrownBy(() -> Bootstrap.check(new ApiKeySecret("sk-parley-dev"), false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PARLEY_IDENTITY_BOOTSTRAP_KEY")
                .hasMessageContaining("openssl rand");
    }

    @Test
    void theDevelopmentKeyIsTakenInDevelopment() {
        Bootstrap.check(new ApiKeySecret("sk-parley-dev"), true);
    }

    @Test
    void aGeneratedSecretIsTakenEverywhere() {
        Bootstrap.check(ApiKeySecret.generate(), false);
    }

    @Test
    void aRefusedSecretIsNotInTheMessage() {
        assertThatThrownBy(() -> Bootstrap.check(new ApiKeySecret("my-own-password"), false))
                .hasMessageNotContaining("my-own-password");
        assertThat(new ApiKeySecret("sk-parley-abc").toString()).doesNotContain("abc");
    }
}
