package dev.parley.egress;

import static dev.parley.egress.HostileServer.ok;
import static dev.parley.egress.HostileServer.redirect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.Vertx;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The connection goes to an address, and the certificate has to be the name's all the same.
@Timeout(60)
class EgressTlsTest {

    private static final String PASSWORD = "password";

    private static Vertx vertx;
    private static HostileServer server;
    private static Path certificate;
    private static final List<String> NAMES = new CopyOnWriteArrayList<>();

    private final HostileResolver resolver =
            new HostileResolver().answer("right.test", TestEgress.PUBLIC).answer("wrong.test", TestEgress.PUBLIC);

    @BeforeAll
    static void open(@TempDir Path directory) throws Exception {
        vertx = Vertx.vertx();
        Path keys = directory.resolve("keys.p12");
        certificate = directory.resolve("certificate.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "it",
                "-keyalg",
                "EC",
                "-dname",
                "CN=right.test",
                "-ext",
                "san=dns:right.test",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "it",
                "-file",
                certificate.toString(),
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD);
        server = new HostileServer(listener(keys));
        server.on("/", ok("text/plain", "encrypted"));
        server.on("/down", redirect(302, "http://right.test:" + server.port() + "/"));
    }

    @AfterAll
    static void close() throws Exception {
        server.close();
        vertx.close();
    }

    private static void keytool(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static SSLServerSocket listener(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        var socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.ofLiteral(TestEgress.PUBLIC));
        var parameters = socket.getSSLParameters();
        parameters.setSNIMatchers(List.of(new SNIMatcher(0) {
            @Override
            public boolean matches(SNIServerName name) {
                NAMES.add(new SNIHostName(name.getEncoded()).getAsciiName());
                return true;
            }
        }));
        socket.setSSLParameters(parameters);
        return socket;
    }

    private EgressError failure(String url, String... settings) {
        try (var egress = new TestEgress(vertx, resolver, server.port(), settings)) {
            var failure = catchThrowableOfType(EgressFailure.class, () -> egress.fetch(EgressRequest.get(url)));
            assertThat(egress.isIdle()).isTrue();
            return failure.error();
        }
    }

    private static String url(String host, String path) {
        return "https://" + host + ":" + server.port() + path;
    }

    @Test
    void theHostIsNamedAndItsCertificateChecked() {
        NAMES.clear();
        try (var egress = new TestEgress(vertx, resolver, server.port(), "ca-file", certificate.toString())) {
            assertThat(egress.fetch(EgressRequest.get(url("right.test", "/"))).body())
                    .asString()
                    .isEqualTo("encrypted");
        }
        assertThat(NAMES).containsExactly("right.test");
    }

    @Test
    void aCertificateForAnotherNameIsRefused() {
        assertThat(failure(url("wrong.test", "/"), "ca-file", certificate.toString()))
                .isEqualTo(new EgressError.TlsFailed("wrong.test"));
        assertThat(failure(url(TestEgress.PUBLIC, "/"), "ca-file", certificate.toString()))
                .isEqualTo(new EgressError.TlsFailed(TestEgress.PUBLIC));
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefused() {
        assertThat(failure(url("right.test", "/"))).isEqualTo(new EgressError.TlsFailed("right.test"));
    }

    @Test
    void aRedirectFromHttpsToHttpIsRefused() {
        assertThat(failure(url("right.test", "/down"), "ca-file", certificate.toString()))
                .isEqualTo(new EgressError.Downgraded("right.test"));
    }
}
