package dev.parley.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.aws.ObjectStore;
import dev.parley.ingestion.source.SourceListing.Listed;
import dev.parley.invocation.Deadline;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
        assertThat(empty.getString("last_run.status")).isEqualTo("completed");
        assertThat(empty.getString("last_run.error")).isNull();
        assertThat(TestSource.counts(empty)).containsExactly(0, 0, 0, 1, 0);
        assertThat(count("SELECT count(*) FROM files WHERE tenant_id = ?")).isZero();
    }

    @Test
    void aKeyThatCannotBeADocumentsIsLeftOutAndSaid() {
        var bucket = new TestBucket(objects, tenant);
        bucket.put("a.txt", "The kingfisher dives.");
        List<Listed> listed = Stream.of("a.txt", "b\0.txt", "c".repeat(2049))
                .map(name -> new Listed(bucket.prefix() + name, "etag"))
                .toList();
        QuarkusMock.installMockForType(new Scripted(listed), SourceListing.class);

        JsonPath ended = TestSource.create(tenant, store, bucket.origin()).ended();

        assertThat(TestSource.counts(ended)).containsExactly(1, 0, 0, 0, 0);
        assertThat(ended.getString("last_run.status")).isEqualTo("completed");
        assertThat(ended.getString("last_run.error")).contains("left out");
    }

    /// As stores list that name their objects more freely than S3.
    private static final class Scripted extends SourceListing {

        private final List<Listed> listed;

        @SuppressWarnings("NullAway") // it asks nobody
        private Scripted(List<Listed> listed) {
            super(null, null, null);
            this.listed = listed;
        }

        @Override
        Page page(Source source, @Nullable List<String> left, Deadline deadline) {
            return new Page(listed, List.of(), null);
        }
    }

    private long count(String sql) {
        return transactions.inTenant(
                tenant.id(), connection -> Sql.first(connection, sql, row -> row.getLong(1), tenant.id())
                        .orElseThrow());
    }
}
