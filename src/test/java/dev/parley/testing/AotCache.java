package dev.parley.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The AOT cache of the packaged application, as `./dev` makes it: processes that use it start in half the time.
/// Making it takes as long as some starts, so a run of few does without.
final class AotCache {

    /// What the cache is for; a JVM that is started with other options does without it.
    static final String JVM_OPTION = "--enable-native-access=ALL-UNNAMED";

    private static final Path CACHE = Path.of("target/parley.aot");
    private static final int WORTH_IT = 3;
    private static final int MINUTES = 3;

    private static int starts;

    private AotCache() {}

    /// The options that use it; none where there is none.
    static synchronized List<String> options(Path jar) throws IOException {
        starts++;
        if (starts == WORTH_IT && !isOf(jar)) {
            train(jar);
        }
        return isOf(jar) ? List.of("-XX:AOTCache=" + CACHE, "-Xlog:aot=off", "-Xlog:cds=off") : List.of();
    }

    private static boolean isOf(Path jar) throws IOException {
        return Files.exists(CACHE) && Files.getLastModifiedTime(CACHE).compareTo(Files.getLastModifiedTime(jar)) > 0;
    }

    /// Without a cache the tests do the same, later.
    private static void train(Path jar) throws IOException {
        var command =
                new ArrayList<>(List.of("src/main/docker/train.sh", jar.toString(), CACHE.toString(), JVM_OPTION));
        var training = new ProcessBuilder(command).redirectErrorStream(true);
        training.redirectOutput(Path.of("target/aot-training.log").toFile());
        training.environment().remove("QUARKUS_DATASOURCE_JDBC_URL"); // it does without a database
        training.environment().put("JAVA_HOME", System.getProperty("java.home"));
        training.environment().put("TRAINING_PORT", String.valueOf(FreePort.choose()));
        Process process = training.start();
        try {
            process.waitFor(MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroy();
        }
    }
}
