package dev.parley.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RegistrationGuardIT {

    @Inject
    ObjectMapper mapper;

    @Test
    void integrationTestsRunUnderTheGuard() {
        assertThat(mapper.getRegisteredModuleIds()).contains(RegistrationGuard.class.getName());
    }
}
