package dev.parley.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerAsyncClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/// Secrets of Secrets Manager that a process needs to be configured: read before anything else is, so without beans.
public final class SecretProperties {

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ATTEMPT = Duration.ofSeconds(4);

    /// Below what Lambda gives a start, so that its failure can be told.
    private static final Duration IN_ALL = Duration.ofSeconds(8);

    private final SecretsManagerAsyncClient client;

    /// @param environment of the process: region, credentials, and `AWS_ENDPOINT_URL_SECRETS_MANAGER` where it is not
    /// AWS' own
    public SecretProperties(Map<String, String> environment) {
        var builder = SecretsManagerAsyncClient.builder()
                .httpClient(new SdkHttp(CONNECT))
                .credentialsProvider(Credentials.ofThisProcess(environment))
                .overrideConfiguration(
                        calls -> calls.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(IN_ALL));
        Optional.ofNullable(environment.get("AWS_ENDPOINT_URL_SECRETS_MANAGER"))
                .map(URI::create)
                .ifPresent(builder::endpointOverride);
        this.client = builder.build();
    }

    /// Asks for the members of a secret that is a JSON object of texts; whoever needs several asks for all before
    /// waiting for one.
    ///
    /// @param id name or ARN
    public Secret ask(String id) {
        return new Secret(id, client.getSecretValue(which -> which.secretId(id)));
    }

    /// A secret on its way.
    public record Secret(String id, CompletableFuture<GetSecretValueResponse> answer) {

        /// @throws IllegalStateException when it is no such object; a failure of AWS' as it is
        public Map<String, String> members() {
            var members = new LinkedHashMap<String, String>();
            try (var parser =
                    new JsonFactory().createParser(AwsClients.await(answer).secretString())) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw noObject();
                }
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    if (!parser.nextToken().isScalarValue()) {
                        throw noObject();
                    }
                    members.put(name, parser.getText());
                }
            } catch (IOException | IllegalArgumentException noJson) {
                throw noObject(); // without the cause: it quotes the text
            }
            return members;
        }

        private IllegalStateException noObject() {
            return new IllegalStateException("The secret %s has to be a JSON object of texts.".formatted(id));
        }
    }
}
