package dev.parley.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsAsyncClient;
import software.amazon.awssdk.utils.cache.CachedSupplier;
import software.amazon.awssdk.utils.cache.RefreshResult;

/// A role taken with a token from a file, as pods of EKS have it. The SDK's own needs an HTTP client that blocks.
final class WebIdentity implements AwsCredentialsProvider {

    /// A role's credentials are renewed so long before they end, and waited for when they have so little left.
    private static final Duration EARLY = Duration.ofMinutes(5);

    private static final Duration LATE = Duration.ofMinutes(1);

    private static final Duration CONNECT = Duration.ofSeconds(2);

    /// Where the service answers for all regions.
    private static final String GLOBAL = "aws-global";

    private final Path token;
    private final String role;
    private final String session;
    private final StsAsyncClient sts;
    private final CachedSupplier<AwsCredentials> credentials =
            CachedSupplier.builder(this::assume).cachedValueName("web identity").build();

    private WebIdentity(Map<String, String> environment, Path token, String role) {
        this.token = token;
        this.role = role;
        this.session = environment.getOrDefault("AWS_ROLE_SESSION_NAME", "parley");
        var builder = StsAsyncClient.builder()
                .httpClient(new SdkHttp(CONNECT))
                .region(Region.of(environment.getOrDefault("AWS_REGION", GLOBAL)))
                .credentialsProvider(AnonymousCredentialsProvider.create());
        endpoint(environment).ifPresent(builder::endpointOverride);
        this.sts = builder.build();
    }

    /// Empty where the environment names no token or no role.
    static Optional<AwsCredentialsProvider> of(Map<String, String> environment) {
        @Nullable String token = environment.get("AWS_WEB_IDENTITY_TOKEN_FILE");
        @Nullable String role = environment.get("AWS_ROLE_ARN");
        return token == null || role == null
                ? Optional.empty()
                : Optional.of(new WebIdentity(environment, Path.of(token), role));
    }

    private static Optional<URI> endpoint(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("AWS_ENDPOINT_URL_STS")).map(URI::create);
    }

    @Override
    public AwsCredentials resolveCredentials() {
        return credentials.get();
    }

    private RefreshResult<AwsCredentials> assume() {
        var assumed = AwsClients.await(sts.assumeRoleWithWebIdentity(
                        role -> role.roleArn(this.role).roleSessionName(session).webIdentityToken(read(token))))
                .credentials();
        AwsCredentials fresh = AwsSessionCredentials.builder()
                .accessKeyId(assumed.accessKeyId())
                .secretAccessKey(assumed.secretAccessKey())
                .sessionToken(assumed.sessionToken())
                .expirationTime(assumed.expiration())
                .build();
        return RefreshResult.builder(fresh)
                .staleTime(assumed.expiration().minus(LATE))
                .prefetchTime(assumed.expiration().minus(EARLY))
                .build();
    }

    private static String read(Path token) {
        try {
            return Files.readString(token).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
