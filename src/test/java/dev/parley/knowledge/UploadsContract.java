package dev.parley.knowledge;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.files.FilePurpose;
import com.openai.models.uploads.UploadCompleteParams;
import com.openai.models.uploads.UploadCreateParams;
import com.openai.models.uploads.parts.PartCreateParams;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sha256;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Api;
import dev.parley.testing.TestTenant;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// OpenAI's Uploads API, over every storage.
abstract class UploadsContract {

    static final byte[] CONTENT = FileStorageContract.random(3_000_000);

    final TestTenant tenant = TestTenant.create();

    @Inject
    Transactions transactions;

    @Inject
    ExpiredUploads expired;

    @Test
    void partsInTheOrderTheClientNamesBecomeAFile() throws Exception {
        String upload = begin(CONTENT.length).extract().path("id");
        String second = part(upload, Arrays.copyOfRange(CONTENT, 1_100_000, CONTENT.length));
        String first = part(upload, Arrays.copyOfRange(CONTENT, 0, 1_100_000));

        ValidatableResponse completed = complete(
                        upload, Map.of("part_ids", List.of(first, second), "md5", md5(CONTENT)))
                .statusCode(200)
                .body("status", equalTo("completed"))
                .body("file.object", equalTo("file"))
                .body("file.bytes", equalTo(CONTENT.length))
                .body("file.filename", equalTo("plan.md"))
                .body("file.purpose", equalTo("assistants"));

        String file = completed.extract().path("file.id");
        assertThat(content(file)).isEqualTo(CONTENT);
        assertThat(one("SELECT sha256 FROM files")).isEqualTo(Sha256.of(CONTENT));
        assertThat(one("SELECT count(*) FROM upload_parts")).isEqualTo(0L);
        assertThat(one("SELECT count(*) FROM upload_part_rows")).isEqualTo(0L);
    }

    @Test
    void anUploadHasOpenAisShape() {
        begin(10)
                .body("id", matchesPattern("upload_[0-9a-f]{32}"))
                .body("object", equalTo("upload"))
                .body("bytes", equalTo(10))
                .body("filename", equalTo("plan.md"))
                .body("purpose", equalTo("assistants"))
                .body("status", equalTo("pending"))
                .body("file", nullValue());
    }

    @Test
    void openAisClientUploadsAFileInParts(@TempDir Path folder) throws IOException {
        var client = OpenAIOkHttpClient.builder()
                .baseUrl(Api.url() + "/v1")
                .apiKey(tenant.key())
                .maxRetries(0)
                .build();
        Path file = java.nio.file.Files.write(folder.resolve("a.bin"), Arrays.copyOf(CONTENT, 1000));
        var upload = client.uploads()
                .create(UploadCreateParams.builder()
                        .bytes(1500)
                        .filename("a.bin")
                        .mimeType("application/octet-stream")
                        .purpose(FilePurpose.ASSISTANTS)
                        .build())
                .validate();
        var first = client.uploads()
                .parts()
                .create(PartCreateParams.builder()
                        .uploadId(upload.id())
                        .data(file)
                        .build())
                .validate();
        var second = client.uploads()
                .parts()
                .create(PartCreateParams.builder()
                        .uploadId(upload.id())
                        .data(new ByteArrayInputStream(CONTENT, 1000, 500))
                        .build())
                .validate();

        var completed = client.uploads()
                .complete(
                        upload.id(),
                        UploadCompleteParams.builder()
                                .partIds(List.of(first.id(), second.id()))
                                .build())
                .validate();

        assertThat(completed.file()).get().satisfies(made -> assertThat(content(made.id()))
                .isEqualTo(Arrays.copyOf(CONTENT, 1500)));
        var other = client.uploads()
                .create(UploadCreateParams.builder()
                        .bytes(1)
                        .filename("b")
                        .mimeType("text/plain")
                        .purpose(FilePurpose.BATCH)
                        .build());
        assertThat(client.uploads().cancel(other.id()).validate().status().asString())
                .isEqualTo("cancelled");
    }

    @Test
    void whatWasNotAnnouncedIsRefusedAndTheUploadGoesOn() {
        String upload = begin(10).extract().path("id");
        String part = part(upload, new byte[9]);
        String last = part(upload, new byte[1]);
        String foreign = part(begin(10).extract().path("id"), new byte[1]);

        complete(upload, Map.of("part_ids", List.of(part)))
                .statusCode(400)
                .body("error.code", equalTo("size_mismatch"))
                .body("error.message", containsString("10"));
        complete(upload, Map.of("part_ids", List.of(part, foreign)))
                .statusCode(400)
                .body("error.param", equalTo("part_ids"));
        complete(upload, Map.of("part_ids", List.of(last, last)))
                .statusCode(400)
                .body("error.param", equalTo("part_ids"));
        complete(upload, Map.of("part_ids", List.of("part_x")))
                .statusCode(400)
                .body("error.param", equalTo("part_ids"));
        complete(upload, Map.of("part_ids", List.of(part, last), "md5", "00"))
                .statusCode(400)
                .body("error.param", equalTo("md5"));
        complete(upload, Map.of("part_ids", List.of(part, last))).statusCode(200);
    }

    @Test
    void badRequestsSayWhatIsWrong() {
        create(Map.of("filename", "a", "purpose", "nonsense", "bytes", 1, "mime_type", "text/plain"))
                .statusCode(400)
                .body("error.param", equalTo("purpose"));
        create(Map.of("filename", "a", "purpose", "batch", "bytes", 0, "mime_type", "text/plain"))
                .statusCode(400)
                .body("error.param", equalTo("bytes"));
        create(Map.of("filename", "a", "purpose", "batch", "mime_type", "text/plain"))
                .statusCode(400)
                .body("error.param", equalTo("bytes"));
        create(Map.of("filename", "a", "purpose", "batch", "bytes", 600_000_000, "mime_type", "text/plain"))
                .statusCode(413)
                .body("error.code", equalTo("file_too_large"));
        String upload = begin(10).extract().path("id");
        as(tenant.key())
                .contentType("multipart/form-data")
                .multiPart("other", "a", new byte[1])
                .post("/v1/uploads/" + upload + "/parts")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("data"));
        part(upload, new byte[0], "").statusCode(400).body("error.param", equalTo("data"));
        part(upload, new byte[21], "").statusCode(400).body("error.code", equalTo("too_many_bytes"));
    }

    @Test
    void whatIsOverStaysOver() {
        String upload = begin(1).extract().path("id");
        String part = part(upload, new byte[1]);
        post(upload, "/cancel", "").statusCode(200).body("status", equalTo("cancelled"));

        post(upload, "/cancel", "").statusCode(400).body("error.code", equalTo("upload_not_pending"));
        part(upload, new byte[1], "").statusCode(400).body("error.code", equalTo("upload_not_pending"));
        complete(upload, Map.of("part_ids", List.of(part)))
                .statusCode(400)
                .body("error.code", equalTo("upload_not_pending"));
        assertThat(one("SELECT count(*) FROM upload_parts")).isEqualTo(0L);
    }

    @Test
    void anUploadThatNobodyCompletesExpires() {
        String upload = begin(1).extract().path("id");
        String part = part(upload, new byte[1]);
        change("UPDATE uploads SET expires_at = now() - interval '1s'");

        complete(upload, Map.of("part_ids", List.of(part)))
                .statusCode(400)
                .body("error.message", containsString("expired"));
        runToTheEnd();

        assertThat(one("SELECT status FROM uploads")).isEqualTo("expired");
        assertThat(one("SELECT count(*) FROM upload_parts")).isEqualTo(0L);
        change("UPDATE uploads SET expires_at = now() - interval '31 days'");
        runToTheEnd();
        assertThat(one("SELECT count(*) FROM uploads")).isEqualTo(0L);
    }

    private void runToTheEnd() {
        while (expired.run()) {
            // Other tests leave uploads as well.
        }
    }

    @Test
    void repeatedRequestsWithTheirKeysHaveOneEffect() {
        String key = "key-" + Ids.next();
        String upload = begin(2, key).statusCode(200).extract().path("id");
        assertThat(begin(2, key).statusCode(200).extract().<String>path("id")).isEqualTo(upload);
        String part =
                part(upload, new byte[2], key + "p").statusCode(200).extract().path("id");
        assertThat(part(upload, new byte[2], key + "p").extract().<String>path("id"))
                .isEqualTo(part);
        var body = Map.of("part_ids", List.of(part));

        String file = post(upload, "/complete", body, key + "c")
                .statusCode(200)
                .extract()
                .path("file.id");

        assertThat(post(upload, "/complete", body, key + "c")
                        .statusCode(200)
                        .extract()
                        .<String>path("file.id"))
                .isEqualTo(file);
        assertThat(part(upload, new byte[2], key + "p").extract().<String>path("id"))
                .isEqualTo(part);
        assertThat(one("SELECT count(*) FROM files")).isEqualTo(1L);
        assertThat(one("SELECT count(*) FROM uploads")).isEqualTo(1L);
    }

    @Test
    void theFileLivesAsLongAsWasSaidWhenItBegan() {
        String upload = create(Map.of(
                        "filename", "a.txt",
                        "purpose", "batch",
                        "bytes", 1,
                        "mime_type", "text/plain",
                        "expires_after", Map.of("anchor", "created_at", "seconds", 3600)))
                .statusCode(200)
                .extract()
                .path("id");

        var file = complete(upload, Map.of("part_ids", List.of(part(upload, new byte[1]))))
                .statusCode(200)
                .extract();

        assertThat(file.<Integer>path("file.expires_at") - file.<Integer>path("file.created_at"))
                .isEqualTo(3600);
    }

    @Test
    void uploadsOfAnotherTenantDoNotExist() {
        String upload = begin(1).extract().path("id");
        String other = Api.newTenant();

        as(other)
                .body(Map.of("part_ids", List.of()))
                .post("/v1/uploads/" + upload + "/complete")
                .then()
                .statusCode(404);
        as(other).post("/v1/uploads/" + upload + "/cancel").then().statusCode(404);
        as(other)
                .contentType("multipart/form-data")
                .multiPart("data", "a", new byte[1])
                .post("/v1/uploads/" + upload + "/parts")
                .then()
                .statusCode(404);
        post(upload, "/cancel", "").statusCode(200);
    }

    ValidatableResponse begin(int bytes) {
        return begin(bytes, "").statusCode(200);
    }

    private ValidatableResponse begin(int bytes, String key) {
        return as(tenant.key())
                .header("Idempotency-Key", key)
                .body(Map.of(
                        "filename",
                        "docs/plan.md",
                        "purpose",
                        "assistants",
                        "bytes",
                        bytes,
                        "mime_type",
                        "text/markdown"))
                .post("/v1/uploads")
                .then();
    }

    private ValidatableResponse create(Map<String, Object> body) {
        return as(tenant.key()).body(body).post("/v1/uploads").then();
    }

    private String part(String upload, byte[] data) {
        return part(upload, data, "")
                .statusCode(200)
                .body("object", equalTo("upload.part"))
                .body("upload_id", equalTo(upload))
                .body("id", matchesPattern("part_[0-9a-f]{32}"))
                .extract()
                .path("id");
    }

    private ValidatableResponse part(String upload, byte[] data, String key) {
        return as(tenant.key())
                .header("Idempotency-Key", key)
                .contentType("multipart/form-data")
                .multiPart("data", "blob", data)
                .post("/v1/uploads/" + upload + "/parts")
                .then();
    }

    ValidatableResponse complete(String upload, Map<String, Object> body) {
        return post(upload, "/complete", body, "");
    }

    ValidatableResponse post(String upload, String path, String key) {
        return as(tenant.key())
                .header("Idempotency-Key", key)
                .post("/v1/uploads/" + upload + path)
                .then();
    }

    private ValidatableResponse post(String upload, String path, Object body, String key) {
        return as(tenant.key())
                .header("Idempotency-Key", key)
                .body(body)
                .post("/v1/uploads/" + upload + path)
                .then();
    }

    byte[] content(String file) {
        return as(tenant.key())
                .get("/v1/files/" + file + "/content")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
    }

    private static String md5(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    }

    Object one(String sql) {
        return transactions.inTenant(tenant.id(), connection -> Sql.first(connection, sql, row -> row.getObject(1))
                .orElseThrow());
    }

    void change(String sql) {
        transactions.runInTenant(tenant.id(), connection -> Sql.update(connection, sql));
    }
}
