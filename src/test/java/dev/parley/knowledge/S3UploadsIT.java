package dev.parley.knowledge;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.aws.ObjectName;
import dev.parley.aws.ObjectStore;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(S3Profile.class)
class S3UploadsIT extends UploadsContract {

    @Inject
    LooseObjects loose;

    @Inject
    ObjectStore objects;

    @Test
    void contentThatWasPutPastTheApiBecomesAFile() throws Exception {
        var upload = begin(CONTENT.length).extract();
        assertThat(put(upload, CONTENT)).isEqualTo(200);

        String file = complete(upload.path("id"), Map.of())
                .statusCode(200)
                .body("status", equalTo("completed"))
                .body("file.bytes", equalTo(CONTENT.length))
                .extract()
                .path("file.id");

        assertThat(content(file)).isEqualTo(CONTENT);
    }

    @Test
    void aBodyIsNotNeededToCompleteIt() throws Exception {
        var upload = begin(3).extract();
        put(upload, new byte[3]);

        post(upload.path("id"), "/complete", "").statusCode(200);
    }

    @Test
    void whatIsPutLaterChangesNoFile() throws Exception {
        var upload = begin(1000).extract();
        put(upload, Arrays.copyOf(CONTENT, 1000));
        String file = complete(upload.path("id"), Map.of()).extract().path("file.id");

        put(upload, new byte[1000]);

        assertThat(content(file)).isEqualTo(Arrays.copyOf(CONTENT, 1000));
    }

    @Test
    void anotherSizeThanAnnouncedIsRefusedByS3() throws Exception {
        var upload = begin(1000).extract();

        assertThat(put(upload, new byte[1001])).isEqualTo(403);
        complete(upload.path("id"), Map.of()).statusCode(400).body("error.param", equalTo("part_ids"));
    }

    @Test
    void whatWasPutIsGoneWithTheUploadsTime() throws Exception {
        var upload = begin(1000).extract();
        put(upload, new byte[1000]);
        String file = complete(upload.path("id"), Map.of()).extract().path("file.id");
        var object = ObjectName.parse(one("SELECT location FROM uploads").toString());
        assertThat(objects.find(object)).isPresent();

        change("UPDATE loose_objects SET due_at = now() - interval '1s'");
        while (loose.run()) {
            // Other tests leave loose objects as well.
        }

        assertThat(objects.find(object)).isEmpty();
        as(tenant.key()).get("/v1/files/" + file + "/content").then().statusCode(200);
    }

    private static int put(ExtractableResponse<Response> upload, byte[] content) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(upload.path("parley.upload_url")))
                .method(upload.path("parley.method"), HttpRequest.BodyPublishers.ofByteArray(content));
        upload.<Map<String, String>>path("parley.headers").forEach((name, value) -> {
            // The client's own affair.
            if (!name.equalsIgnoreCase("content-length")) {
                request.header(name, value);
            }
        });
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.discarding()).statusCode();
        }
    }
}
