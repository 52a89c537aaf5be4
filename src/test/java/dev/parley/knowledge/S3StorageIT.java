package dev.parley.knowledge;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.aws.ObjectName;
import dev.parley.aws.ObjectStore;
import dev.parley.postgres.Sql;
import dev.parley.problem.Problem;
import dev.parley.testing.S3ProxyResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(S3Profile.class)
class S3StorageIT extends FileStorageContract {

    private static final String MISSING = "s3://no-such-bucket-here/a";

    /// Every object that this test's tenant has had.
    private final Set<ObjectName> known = new HashSet<>();

    @Inject
    ObjectStore objects;

    @Inject
    LooseObjects loose;

    @Inject
    PostgresStorage postgres;

    /// More than one request's worth.
    @Override
    int large() {
        return 17 * 1024 * 1024 + 3;
    }

    @Override
    long held() {
        transactions
                .inTenant(
                        tenant.id(),
                        connection -> Sql.list(
                                connection,
                                "SELECT location FROM files WHERE location IS NOT NULL"
                                        + " UNION SELECT location FROM loose_objects",
                                row -> ObjectName.parse(row.getString(1))))
                .forEach(known::add);
        return known.stream().filter(each -> objects.find(each).isPresent()).count();
    }

    @Override
    void tidy() {
        held();
        change("UPDATE loose_objects SET due_at = now() - interval '1s'");
        while (loose.run()) {
            // Other tests leave loose objects as well.
        }
    }

    @Test
    void anObjectIsTheTenantsByItsName() {
        String id = upload(random(10)).extract().path("id");

        assertThat(row(id, "location").toString())
                .startsWith("s3://" + S3ProxyResource.FILES + "/tests/" + tenant.id() + "/" + id + "/");
        assertThat(count("SELECT count(*) FROM file_parts")).isZero();
        assertThat(count("SELECT count(*) FROM loose_objects")).isZero();
    }

    @Test
    void aFileInTheDatabaseIsStillReadAndDeleted() throws IOException {
        byte[] content = random(70_000);
        Files.Prepared prepared = files.prepare(tenant.id(), onDisk(content));
        prepared.row().location = null;
        FileId id = prepared.row().fileId();
        files.store(
                tenant.id(),
                new Files.Prepared(
                        prepared.row(),
                        postgres.stage(
                                ContentOwner.file(tenant.id(), id),
                                onDisk(content).content(),
                                "")));

        assertThat(content(id.toString())).isEqualTo(content);
        as(tenant.key()).delete("/v1/files/" + id).then().statusCode(200);
        assertThat(count("SELECT count(*) FROM file_parts")).isZero();
    }

    @Test
    void whatComesTooLateIsNotKept() throws IOException {
        Files.Prepared prepared = files.prepare(tenant.id(), onDisk(random(10)));
        tidy();

        assertThatThrownBy(() -> files.store(tenant.id(), prepared))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("took too long");
        assertThat(held()).isZero();
    }

    @Test
    void anObjectWhoseDeletionIsRefusedIsTriedAgain() {
        String id = upload(random(10)).extract().path("id");
        change(
                "UPDATE files SET location = '%s' WHERE id = ?".formatted(MISSING),
                FileId.parse(id).value());

        as(tenant.key()).delete("/v1/files/" + id).then().statusCode(200);
        loose.run();

        assertThat(count("SELECT count(*) FROM loose_objects WHERE location = '%s'".formatted(MISSING)))
                .isEqualTo(1);
        // Nobody is to try for ever.
        change("DELETE FROM loose_objects WHERE location = ?", MISSING);
    }

    @Test
    void aBucketThatDoesNotAnswerIsSaidSo() {
        String id = upload(random(10)).extract().path("id");
        change(
                "UPDATE files SET location = '%s' WHERE id = ?".formatted(MISSING),
                FileId.parse(id).value());

        as(tenant.key())
                .get("/v1/files/" + id + "/content")
                .then()
                .statusCode(503)
                .header("Retry-After", equalTo("5"))
                .body("error.code", equalTo("file_storage_unavailable"));
    }

    @Test
    void aKeyThatIsConfiguredEncryptsWhatClientsPutToo() {
        var put = objects.presignPut(
                new ObjectName(S3ProxyResource.FILES, "a"),
                5,
                new ObjectStore.Keeping("text/plain", "alias/parley"),
                Duration.ofHours(1));

        assertThat(put.headers())
                .containsEntry("x-amz-server-side-encryption", "aws:kms")
                .containsEntry("x-amz-server-side-encryption-aws-kms-key-id", "alias/parley")
                .containsEntry("content-length", "5")
                .doesNotContainKey("host");
    }

    @Test
    void twoProcessesThatTidyUpDoNoHarm() {
        String id = upload(random(10)).extract().path("id");
        var object = ObjectName.parse(row(id, "location").toString());

        loose.delete(tenant.id(), object);

        assertThat(objects.find(object)).isPresent();
    }
}
