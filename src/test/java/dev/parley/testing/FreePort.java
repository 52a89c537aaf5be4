package dev.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/// Ports for servers that a test starts later, perhaps many minutes from now, under a number that has to be known
/// before.
///
/// They lie below those that the kernel gives to outgoing connections and to whoever asks for any port, so that nobody
/// comes by one in between.
public final class FreePort {

    private static final int LOWEST = 10_000;
    private static final int FIRST_EPHEMERAL = firstEphemeral();

    private FreePort() {}

    /// A port that nobody listens at, at any address of this machine.
    public static int choose() {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, FIRST_EPHEMERAL);
            try (var free = new ServerSocket(port)) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // another one, then
            }
        }
        throw new IllegalStateException("No port is free from %d to %d".formatted(LOWEST, FIRST_EPHEMERAL - 1));
    }

    private static int firstEphemeral() {
        var range = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
        if (!Files.exists(range)) {
            return 32_768; // Linux' own, and the lowest of any system's
        }
        try (var lines = Files.lines(range)) { // in one piece: the kernel tells what it has at once or not at all
            int first = Integer.parseInt(lines.findFirst().orElseThrow().split("\\s")[0]);
            return Math.max(first, LOWEST + 1_000);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
