package dev.parley.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

class CredentialsTest {

    private static final String ANSWER = """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <AssumeRoleWithWebIdentityResult><Credentials>
                <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
                <SessionToken>session</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration>
              </Credentials></AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>
            """;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer sts;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        sts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sts.createContext("/", exchange -> {
            requests.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.getResponseHeaders().add("Content-Type", "text/xml");
            exchange.sendResponseHeaders(200, ANSWER.length());
            exchange.getResponseBody().write(ANSWER.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        sts.start();
    }

    @AfterEach
    void stop() {
        sts.stop(0);
    }

    @Test
    void aWebIdentityBecomesARoleOnceForAsLongAsThatLasts() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "the.token\n");
        var identity = WebIdentity.of(Map.of(
                        "AWS_WEB_IDENTITY_TOKEN_FILE",
                        token.toString(),
                        "AWS_ROLE_ARN",
                        "arn:aws:iam::1:role/parley",
                        "AWS_REGION",
                        "eu-central-1",
                        "AWS_ENDPOINT_URL_STS",
                        "http://localhost:" + sts.getAddress().getPort()))
                .orElseThrow();

        assertThat(identity.resolveCredentials()).isInstanceOfSatisfying(AwsSessionCredentials.class, role -> {
            assertThat(role.accessKeyId()).isEqualTo("ASIAROLE");
            assertThat(role.secretAccessKey()).isEqualTo("secret");
            assertThat(role.sessionToken()).isEqualTo("session");
        });
        identity.resolveCredentials();

        assertThat(requests).singleElement().satisfies(request -> assertThat(request)
                .contains("Action=AssumeRoleWithWebIdentity")
                .endsWith("WebIdentityToken=the.token")
                .contains("role%2Fparley"));
    }

    @Test
    void withoutATokenThereIsNoWebIdentity() {
        assertThat(WebIdentity.of(Map.of("AWS_ROLE_ARN", "arn:aws:iam::1:role/parley")))
                .isEmpty();
    }

    @Test
    void onLambdaNobodyWaitsForInstanceMetadata() {
        var credentials = Credentials.ofThisProcess(Map.of("AWS_LAMBDA_FUNCTION_NAME", "parley-chat"));

        assertThatThrownBy(credentials::resolveCredentials)
                .isInstanceOf(SdkClientException.class)
                .hasMessageContaining("ContainerCredentialsProvider")
                .hasMessageNotContaining("InstanceProfile");
    }
}
