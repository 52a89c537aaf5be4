package dev.parley.knowledge;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.parley.postgres.Transactions;
import dev.parley.testing.Api;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.Random;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(KnowledgeProfile.class)
class FilesIT {

    private final TestTenant tenant = TestTenant.create();
    private final String key = tenant.key();
    private final Transactions transactions;

    FilesIT(Transactions transactions) {
        this.transactions = transactions;
    }

    @Test
    void anUploadedFileHasOpenAisShape() {
        upload("../etc/notes.md", "# Notes".getBytes())
                .statusCode(200)
                .body("id", matchesPattern("file-[0-9a-f]{32}"))
                .body("object", equalTo("file"))
                .body("bytes", equalTo(7))
                .body("created_at", notNullValue())
                .body("expires_at", nullValue())
                .body("filename", equalTo("notes.md"))
                .body("purpose", equalTo("assistants"))
                .body("status", equalTo("processed"));
    }

    @Test
    void contentComesBackByteForByteAsADownload() {
        byte[] content = new byte[3 * PostgresStorage.PART_SIZE + 17];
        new Random(1).nextBytes(content);
        String id = upload("the plan (1).bin", content).extract().path("id");

        var answer = as(key).get("/v1/files/" + id + "/content")
                .then()
                .statusCode(200)
                .header("Content-Type", "application/octet-stream")
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Disposition", startsWith("attachment; filename=\"the plan _1_.bin\""))
                .header("Content-Disposition", containsString("the%20plan%20%281%29.bin"))
                .extract();

        assertThat(answer.asByteArray()).isEqualTo(content);
    }

    @Test
    void theTypeFollowsTheExtensionWhereTheClientStatesNone() {
        String id = upload("page.html", "<p>hi".getBytes()).extract().path("id");

        as(key).get("/v1/files/" + id + "/content").then().header("Content-Type", startsWith("text/html"));
    }

    @Test
    void aDeletedFileIsGone() {
        String id = upload("a.txt", "a".getBytes()).extract().path("id");

        as(key).delete("/v1/files/" + id)
                .then()
                .statusCode(200)
                .body("object", equalTo("file"))
                .body("deleted", equalTo(true));

        as(key).get("/v1/files/" + id).then().statusCode(404).body("error.code", equalTo("not_found"));
        as(key).get("/v1/files/" + id + "/content").then().statusCode(404);
        as(key).delete("/v1/files/" + id).then().statusCode(404);
    }

    @Test
    void listsFilterByPurposeAndPage() {
        String first = upload("1.txt", "1".getBytes()).extract().path("id");
        String second = upload("2.txt", "2".getBytes()).extract().path("id");
        form("3.jsonl", "{}".getBytes(), "batch").post("/v1/files").then().statusCode(200);

        as(key).get("/v1/files?purpose=assistants&limit=1")
                .then()
                .body("data[0].id", equalTo(second))
                .body("has_more", equalTo(true));
        as(key).get("/v1/files?purpose=assistants&after=" + second)
                .then()
                .body("data.id", equalTo(java.util.List.of(first)));
        as(key).get("/v1/files?order=asc")
                .then()
                .body("data[0].id", equalTo(first))
                .body("data.size()", equalTo(3));
        as(key).get("/v1/files?limit=10001").then().statusCode(400).body("error.param", equalTo("limit"));
        as(key).get("/v1/files?after=x").then().statusCode(400).body("error.param", equalTo("after"));
        as(key).get("/v1/files?order=up").then().statusCode(400).body("error.param", equalTo("order"));
    }

    @Test
    void badUploadsSayWhatIsWrong() {
        upload("empty.txt", new byte[0]).statusCode(400).body("error.param", equalTo("file"));
        form("a.txt", "a".getBytes(), "nonsense")
                .post("/v1/files")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("purpose"));
        multipart()
                .multiPart("purpose", "assistants")
                .post("/v1/files")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("file"));
        multipart()
                .multiPart("file", "a.txt", "a".getBytes())
                .post("/v1/files")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("purpose"));
        form("a.txt", "a".getBytes(), "assistants")
                .multiPart("expires_after[anchor]", "created_at")
                .multiPart("expires_after[seconds]", "5")
                .post("/v1/files")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("expires_after[seconds]"));
        as(key).body("{}").post("/v1/files").then().statusCode(415);
    }

    @Test
    void aFileOverTheLimitIsRefusedWithTheLimit() {
        upload("big.txt", new byte[KnowledgeProfile.MAX_FILE_SIZE + 1])
                .statusCode(413)
                .header("x-request-id", startsWith("req_"))
                .body("error.code", equalTo("file_too_large"))
                .body("error.message", containsString(String.valueOf(KnowledgeProfile.MAX_FILE_SIZE)));
    }

    @Test
    void aFileMayExpire() {
        form("a.txt", "a".getBytes(), "assistants")
                .multiPart("expires_after[anchor]", "created_at")
                .multiPart("expires_after[seconds]", "3600")
                .post("/v1/files")
                .then()
                .statusCode(200)
                .body("expires_at", notNullValue());
    }

    @Test
    void filesOfAnotherTenantDoNotExist() {
        String id = upload("mine.txt", "mine".getBytes()).extract().path("id");
        String other = Api.newTenant();

        as(other).get("/v1/files/" + id).then().statusCode(404);
        as(other).get("/v1/files/" + id + "/content").then().statusCode(404);
        as(other).delete("/v1/files/" + id).then().statusCode(404);
        as(other).get("/v1/files").then().body("data.id", not(hasItem(id)));
        as(key).get("/v1/files/" + id).then().statusCode(200);
    }

    private ValidatableResponse upload(String name, byte[] content) {
        return form(name, content, "assistants").post("/v1/files").then();
    }

    private RequestSpecification form(String name, byte[] content, String purpose) {
        return multipart().multiPart("file", name, content).multiPart("purpose", purpose);
    }

    private RequestSpecification multipart() {
        return as(key).contentType("multipart/form-data");
    }
}
