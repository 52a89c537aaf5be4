package dev.parley.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.testing.LocalLambda;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// The gateway and the environments of `./dev lambda`, before a function that does as it is told.
class LocalLambdaIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void aRequestBecomesTheEventThatApiGatewayMakesOfIt() throws Exception {
        try (var lambda = LocalLambda.ofFake()) {
            var request = request(lambda, "/v1/a%20file?tag=a%26b&tag=c&empty=")
                    .header("X-Two", "1")
                    .header("X-Two", "2")
                    .header("Content-Type", "application/octet-stream")
                    .POST(BodyPublishers.ofByteArray(new byte[] {0, -1}))
                    .build();

            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(201);
            assertThat(answer.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
            assertThat(answer.headers().firstValue("x-one")).contains("1");
            JsonNode event = JSON.readTree(answer.body());
            assertThat(event.get("httpMethod").asText()).isEqualTo("POST");
            assertThat(event.get("path").asText()).isEqualTo("/v1/a%20file");
            assertThat(event.get("resource").asText()).isEqualTo("/{proxy+}");
            assertThat(event.at("/pathParameters/proxy").asText()).isEqualTo("v1/a file");
            assertThat(event.at("/multiValueQueryStringParameters").toString())
                    .isEqualTo("{\"tag\":[\"a&b\",\"c\"],\"empty\":[\"\"]}");
            assertThat(event.at("/queryStringParameters/tag").asText()).isEqualTo("c");
            assertThat(event.at("/multiValueHeaders/X-Two").toString()).isEqualTo("[\"1\",\"2\"]");
            assertThat(event.at("/headers/X-Two").asText()).isEqualTo("2");
            assertThat(event.get("isBase64Encoded").asBoolean()).isTrue();
            assertThat(Base64.getDecoder().decode(event.get("body").asText())).containsExactly(0, -1);
            assertThat(event.at("/requestContext/identity/sourceIp").asText()).isEqualTo("127.0.0.1");
            assertThat(event.at("/requestContext/requestId").asText())
                    .isEqualTo(answer.headers().firstValue("x-amzn-requestid").orElseThrow());
        }
    }

    @Test
    void textTravelsAsTextAndNoBodyAsNull() throws Exception {
        try (var lambda = LocalLambda.ofFake()) {
            var post = request(lambda, "/")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"a\":\"✓\"}"))
                    .build();

            JsonNode text =
                    JSON.readTree(http.send(post, BodyHandlers.ofString()).body());
            JsonNode none = JSON.readTree(get(lambda, "/").body());

            assertThat(text.get("body").asText()).isEqualTo("{\"a\":\"✓\"}");
            assertThat(text.get("isBase64Encoded").asBoolean()).isFalse();
            assertThat(none.get("body").isNull()).isTrue();
            assertThat(none.get("queryStringParameters").isNull()).isTrue();
            assertThat(none.get("resource").asText()).isEqualTo("/");
        }
    }

    @Test
    void aBodyOfMoreThanTenMegabytesIsRefused() throws Exception {
        try (var lambda = LocalLambda.ofFake()) {
            var request = request(lambda, "/v1/files")
                    .POST(BodyPublishers.ofByteArray(new byte[10 * 1024 * 1024 + 1]))
                    .build();

            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo("{\"message\": \"Request Too Long\"}");
            assertThat(lambda.environments()).isEmpty();
        }
    }

    @Test
    void anEnvironmentIsUsedAgainAndTwoRequestsAtOnceHaveTwo() throws Exception {
        try (var lambda = LocalLambda.ofFake("--environments", "2", "--timeout", "4")) {
            get(lambda, "/one");
            assertThat(lambda.nextReport()).contains("GET /one  201", "environment 1, cold");
            get(lambda, "/two");
            assertThat(lambda.nextReport()).contains("GET /two  201", "environment 1, warm");

            var busy = List.of(later(lambda, "/hang"), later(lambda, "/hang"));
            awaitEnvironments(lambda, 2);
            HttpResponse<String> third = get(lambda, "/three");

            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.body()).isEqualTo("{\"message\": \"Too Many Requests\"}");
            assertThat(busy)
                    .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(504));
        }
    }

    @Test
    void aFunctionThatTakesTooLongIsEndedAndTheNextRequestHasANewOne() throws Exception {
        try (var lambda = LocalLambda.ofFake("--timeout", "2")) {
            HttpResponse<String> late = get(lambda, "/hang");

            assertThat(late.statusCode()).isEqualTo(504);
            assertThat(late.body()).isEqualTo("{\"message\": \"Endpoint request timed out\"}");
            long deadline = Long.parseLong(get(lambda, "/deadline").body());
            assertThat(Instant.ofEpochMilli(deadline))
                    .isBetween(Instant.now(), Instant.now().plusSeconds(2));
            lambda.nextReport();
            assertThat(lambda.nextReport()).contains("environment 2, cold");
        }
    }

    @Test
    void aFunctionThatDiesFailsOrAnswersNonsenseIsABadGateway() throws Exception {
        try (var lambda = LocalLambda.ofFake()) {
            for (String path : List.of("/die", "/error", "/malformed")) {
                HttpResponse<String> answer = get(lambda, path);
                assertThat(answer.statusCode()).as(path).isEqualTo(502);
                assertThat(answer.body()).isEqualTo("{\"message\": \"Internal server error\"}");
            }
            assertThat(lambda.nextReport()).contains("environment 1, cold", "the process ended with 3");
            assertThat(lambda.nextReport()).contains("environment 2, cold", "Function.Broken");
            assertThat(lambda.nextReport()).contains("environment 2, warm");
        }
    }

    @Test
    void aFunctionThatDoesNotStartIsABadGateway() throws Exception {
        try (var lambda = LocalLambda.ofFake("--function", "broken")) {
            assertThat(get(lambda, "/").statusCode()).isEqualTo(502);
            assertThat(lambda.nextReport()).contains("Runtime.StartFailed");
        }
    }

    @Test
    void aStreamThatFailsBehindItsFirstByteBreaksOff() throws Exception {
        try (var lambda = LocalLambda.ofFake()) {
            HttpResponse<InputStream> answer =
                    http.send(request(lambda, "/break").build(), BodyHandlers.ofInputStream());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().allValues("set-cookie")).containsExactly("a=1");
            assertThat(answer.body().readNBytes(3)).isEqualTo("one".getBytes());
            assertThatThrownBy(() -> answer.body().read()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anEnvironmentWithNothingToDoIsStopped() throws Exception {
        try (var lambda = LocalLambda.ofFake("--idle", "1")) {
            get(lambda, "/");
            awaitEnvironments(lambda, 0);
            get(lambda, "/");
            lambda.nextReport();
            assertThat(lambda.nextReport()).contains("environment 2, cold");
        }
    }

    @Test
    void aFileIsAnEventToInvokeTheFunctionWith() throws Exception {
        String answer = LocalLambda.invokeFake("{\"Records\":[]}").orElseThrow();

        String body = JSON.readTree(answer).get("body").asText();
        assertThat(new String(Base64.getDecoder().decode(body), StandardCharsets.UTF_8))
                .isEqualTo("{\"Records\":[]}");
        assertThat(LocalLambda.invokeFake("{\"path\":\"/error\"}")).isEmpty();
    }

    private static void awaitEnvironments(LocalLambda lambda, int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> lambda.environments().size() == count);
    }

    private HttpResponse<String> get(LocalLambda lambda, String path) throws Exception {
        return http.send(request(lambda, path).build(), BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> later(LocalLambda lambda, String path) {
        return http.sendAsync(request(lambda, path).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(LocalLambda lambda, String path) {
        return HttpRequest.newBuilder(URI.create(lambda.url() + path)).timeout(Duration.ofMinutes(2));
    }
}
