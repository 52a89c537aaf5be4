package dev.parley.knowledge;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sha256;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestTenant;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every storage of files promises, seen through the API where it can be.
abstract class FileStorageContract {

    final TestTenant tenant = TestTenant.create();

    @Inject
    Transactions transactions;

    @Inject
    Files files;

    @Inject
    Removal removal;

    @Inject
    ExpiredFiles expired;

    @Inject
    Attachments attachments;

    @TempDir
    Path disk;

    /// A size that this storage writes in several pieces.
    abstract int large();

    /// How much content of this tenant the storage holds, wherever it would be.
    abstract long held();

    /// Runs housekeeping of what must not stay, as if the time for it had come.
    abstract void tidy();

    @Test
    void contentComesBackByteForByte() {
        for (int size : new int[] {1, 70_000, large()}) {
            byte[] content = random(size);

            String id = upload(content).extract().path("id");

            assertThat(content(id)).isEqualTo(content);
            assertThat(row(id, "sha256")).isEqualTo(Sha256.of(content));
        }
    }

    @Test
    void ingestionReadsTheSameBytes() throws IOException {
        byte[] content = random(large());
        String id = upload(content).extract().path("id");

        try (var in =
                attachments.content(new AttachmentId(tenant.id(), new VectorStoreId(Ids.next()), FileId.parse(id)))) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
    }

    @Test
    void aDownloadThatLacksItsEndIsBrokenOff() {
        String id = upload(random(large())).extract().path("id");
        change(
                "UPDATE files SET bytes = bytes * 2 WHERE id = ?",
                FileId.parse(id).value());

        assertThatThrownBy(() -> content(id)).hasMessageContaining("end of Content-Length");
    }

    @Test
    void aFileThatIsDeletedBeforeItsFirstByteIsReadIsNotAnEmptyOne() {
        String id = upload(random(large())).extract().path("id");
        FileContent content = files.content(tenant.id(), FileId.parse(id));

        as(tenant.key()).delete("/v1/files/" + id).then().statusCode(200);

        assertThatThrownBy(content::begun).hasMessageContaining(id);
    }

    @Test
    void aDeletedFileLeavesNoContent() {
        String id = upload(random(70_000)).extract().path("id");
        assertThat(held()).isEqualTo(1);

        as(tenant.key()).delete("/v1/files/" + id).then().statusCode(200);

        assertThat(held()).isZero();
        as(tenant.key()).get("/v1/files/" + id + "/content").then().statusCode(404);
    }

    @Test
    void anExpiredFileLeavesNoContent() {
        String id = upload(random(70_000)).extract().path("id");
        change(
                "UPDATE files SET expires_at = now() - interval '1s' WHERE id = ?",
                FileId.parse(id).value());

        while (expired.run()) {
            // Other tests leave expired files as well.
        }

        assertThat(held()).isZero();
    }

    @Test
    void aFileThatIsNotCommittedLeavesNoContent() throws IOException {
        Files.Prepared prepared = files.prepare(tenant.id(), onDisk(random(70_000)));

        assertThatThrownBy(() -> transactions.runInTenant(tenant.id(), _ -> {
                    files.store(tenant.id(), prepared);
                    throw new IllegalStateException("the process dies");
                }))
                .hasMessage("the process dies");
        tidy();

        assertThat(held()).isZero();
        as(tenant.key()).get("/v1/files").then().body("data.size()", equalTo(0));
    }

    @Test
    void aDeletionThatIsRolledBackLeavesTheFileWhole() {
        byte[] content = random(70_000);
        String id = upload(content).extract().path("id");

        assertThatThrownBy(() -> transactions.runInTenant(tenant.id(), _ -> {
                    removal.file(tenant.id(), FileId.parse(id));
                    throw new IllegalStateException("the process dies");
                }))
                .hasMessage("the process dies");
        tidy();

        assertThat(content(id)).isEqualTo(content);
    }

    @Test
    void aDeletionWithinALargerTransactionIsFinishedByHousekeeping() {
        String id = upload(random(70_000)).extract().path("id");

        transactions.runInTenant(tenant.id(), _ -> removal.file(tenant.id(), FileId.parse(id)));
        tidy();

        assertThat(held()).isZero();
    }

    @Test
    void aRepeatedUploadWithItsKeyIsOneFileAndOneContent() {
        byte[] content = random(70_000);
        String key = "upload-" + Ids.next();

        String first = upload(content, key).statusCode(200).extract().path("id");
        String second = upload(content, key).statusCode(200).extract().path("id");
        upload(random(10), key).statusCode(422);
        tidy();

        assertThat(second).isEqualTo(first);
        assertThat(held()).isEqualTo(1);
        assertThat(content(first)).isEqualTo(content);
    }

    @Test
    void tidyingUpTouchesNoFileThatIsThere() {
        byte[] content = random(70_000);
        String id = upload(content).extract().path("id");

        tidy();

        assertThat(content(id)).isEqualTo(content);
    }

    static byte[] random(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    NewFile onDisk(byte[] content) throws IOException {
        Path path = java.nio.file.Files.write(disk.resolve("upload"), content);
        return new NewFile("a.bin", "assistants", "application/octet-stream", path, content.length, null);
    }

    ValidatableResponse upload(byte[] content) {
        return upload(content, "").statusCode(200);
    }

    private ValidatableResponse upload(byte[] content, String key) {
        return as(tenant.key())
                .header("Idempotency-Key", key)
                .contentType("multipart/form-data")
                .multiPart("file", "a.bin", content)
                .multiPart("purpose", "assistants")
                .post("/v1/files")
                .then();
    }

    byte[] content(String id) {
        return as(tenant.key())
                .get("/v1/files/" + id + "/content")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
    }

    Object row(String id, String column) {
        return transactions.inTenant(tenant.id(), connection -> Sql.first(
                        connection,
                        "SELECT %s AS value FROM files WHERE id = ?".formatted(column),
                        row -> row.getObject("value"),
                        FileId.parse(id).value())
                .orElseThrow());
    }

    int change(String sql, Object... args) {
        return transactions.inTenant(tenant.id(), connection -> Sql.update(connection, sql, args));
    }

    long count(String sql) {
        return transactions.inTenant(tenant.id(), connection -> Sql.first(connection, sql, row -> row.getLong(1))
                .orElseThrow());
    }
}
