package dev.parley.knowledge;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(KnowledgeProfile.class)
class PostgresStorageIT extends FileStorageContract {

    @Override
    int large() {
        return 3 * PostgresStorage.PART_SIZE + 17;
    }

    @Override
    long held() {
        return count("SELECT count(DISTINCT file_id) FROM file_parts");
    }

    /// The database has tidied up with the transaction.
    @Override
    void tidy() {}
}
