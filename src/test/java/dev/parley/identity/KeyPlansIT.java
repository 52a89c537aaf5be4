package dev.parley.identity;

import static dev.parley.testing.Explain.statement;
import static dev.parley.testing.Explain.systemPlan;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/// Every request starts with this one.
@QuarkusTest
class KeyPlansIT {

    private final Flyway flyway;

    KeyPlansIT(Flyway flyway) {
        this.flyway = flyway;
    }

    @Test
    void aKeyIsFoundByItsHash() throws Exception {
        String lookup = statement(owner(), "authenticate_key", "BEGIN", ";")
                .replace("INTO holder", "")
                .replace("key_hash", "sha256('key')");

        assertThat(systemPlan(owner(), lookup)).contains("Index Scan using api_keys_hash", "tenants_pkey");
    }

    private DataSource owner() {
        return flyway.getConfiguration().getDataSource();
    }
}
