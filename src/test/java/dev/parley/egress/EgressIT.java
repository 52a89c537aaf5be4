package dev.parley.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/// As it is configured when nobody configures it.
@QuarkusTest
class EgressIT {

    @Inject
    Egress egress;

    @Test
    void plainHttpAndInnerAddressesAreRefused() {
        assertThat(failure("http://example.com/")).isEqualTo(new EgressError.ForbiddenScheme("http"));
        assertThat(failure("https://localhost/")).isInstanceOf(EgressError.ForbiddenAddress.class);
        assertThat(failure("https://127.0.0.1/")).isInstanceOf(EgressError.ForbiddenAddress.class);
        assertThat(failure("https://example.com:8443/")).isEqualTo(new EgressError.ForbiddenPort(8443));
    }

    private EgressError failure(String url) {
        return catchThrowableOfType(EgressFailure.class, () -> egress.fetch(EgressRequest.get(url)))
                .error();
    }
}
