package dev.parley.testing;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A vector store as a client of the API uses it. Every call fails the test unless it is answered with 200.
public record TestStore(String key, String id) {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    public static TestStore create(String key) {
        return create(key, HashEmbedder.ALIAS);
    }

    public static TestStore create(String key, String embeddingModel) {
        String id = Api.as(key)
                .body(Map.of("name", "test", "parley", Map.of("embedding_model", embeddingModel)))
                .post("/v1/vector_stores")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
        return new TestStore(key, id);
    }

    /// Uploads a file and attaches it. Returns its id.
    public String add(String filename, byte[] content) {
        String file = upload(filename, content);
        request()
                .body(Map.of("file_id", file))
                .post("/v1/vector_stores/" + id + "/files")
                .then()
                .statusCode(200);
        return file;
    }

    private String upload(String filename, byte[] content) {
        return given().baseUri(Api.url())
                .header("Authorization", "Bearer " + key)
                .contentType(ContentType.MULTIPART)
                .multiPart("file", filename, content, "application/octet-stream")
                .multiPart("purpose", "assistants")
                .post("/v1/files")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    /// The file in the store, as the API shows it.
    public ValidatableResponse file(String file) {
        return request()
                .get("/v1/vector_stores/" + id + "/files/" + file)
                .then()
                .statusCode(200);
    }

    public void awaitStatus(String file, String status) {
        await().atMost(PATIENCE).until(() -> file(file).extract().<String>path("status"), status::equals);
    }

    public Map<String, Integer> fileCounts() {
        return request()
                .get("/v1/vector_stores/" + id)
                .then()
                .statusCode(200)
                .extract()
                .path("file_counts");
    }

    public void awaitCompleted(int files) {
        await().atMost(PATIENCE).until(() -> fileCounts().get("completed") == files);
    }

    public ValidatableResponse search(String query) {
        return request()
                .body(Map.of("query", query))
                .post("/v1/vector_stores/" + id + "/search")
                .then()
                .statusCode(200);
    }

    /// The ids of the files that a search finds, best first.
    public List<String> found(String query) {
        return search(query).extract().path("data.file_id");
    }

    private RequestSpecification request() {
        return Api.as(key);
    }
}
