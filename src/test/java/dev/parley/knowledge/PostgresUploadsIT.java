package dev.parley.knowledge;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(KnowledgeProfile.class)
class PostgresUploadsIT extends UploadsContract {

    @Test
    void thereIsNoWayPastTheApi() {
        String upload = begin(1).body("$", not(hasKey("parley"))).extract().path("id");

        complete(upload, Map.of()).statusCode(400).body("error.param", equalTo("part_ids"));
    }
}
