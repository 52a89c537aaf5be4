package dev.parley.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.aws.ObjectStore;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(SourcesProfile.class)
class S3SourceIT {

    @Inject
    ObjectStore objects;

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private final TestStore store = TestStore.create(tenant.key());

    @Test
    void aPrefixIsIngestedRunsAgainForFreeAndPicksUpAChangeAndARemoval() {
        var bucket = new TestBucket(objects, tenant);
        bucket.put("a.txt", "The kingfisher dives.");
        bucket.put("deep/b.md", "# Otters\n\nThey swim.");
        var source = TestSource.create(tenant, store, bucket.origin());
        assertThat(TestSource.counts(source.ended())).containsExactly(2, 0, 0, 0, 0);
        store.awaitCompleted(2);
        assertThat(store.found("kingfisher").getFirst())
                .isEqualTo(source.document(bucket.prefix() + "a.txt", "file_id"));

        JsonPath again = source.sync();
        assertThat(TestSource.counts(again)).containsExactly(0, 0, 2, 0, 0);
        assertThat(count("SELECT count(*) FROM files WHERE tenant_id = ?")).isEqualTo(2);

        bucket.put("a.txt", "The kingfisher sleeps in its burrow.");
        bucket.delete("deep/b.md");
        assertThat(TestSource.counts(source.sync())).containsExactly(0, 1, 0, 1, 0);
        String fresh = source.document(bucket.prefix() + "a.txt", "file_id");
        store.awaitStatus(fresh, "completed");
        assertThat(store.found("kingfisher")).containsExactly(fresh);

        bucket.delete("a.txt");
        JsonPath empty = source.sync();
        assertThat(empty.getString("last_run.error")).contains("empty");
        assertThat(count("SELECT count(*) FROM files WHERE tenant_id = ?")).isEqualTo(1);
    }

    private long count(String sql) {
        return transactions.inTenant(
                tenant.id(), connection -> Sql.first(connection, sql, row -> row.getLong(1), tenant.id())
                        .orElseThrow());
    }
}
