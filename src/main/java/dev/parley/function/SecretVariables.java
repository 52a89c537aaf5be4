package dev.parley.function;

import io.smallrye.config.EnvConfigSource;
import java.util.Map;

/// The members of the providers' secret as a source of configuration: environment variables, which win over those that
/// the process was started with. Public, since generated code makes it.
public final class SecretVariables extends EnvConfigSource {

    /// Environment variables have 300.
    private static final int ORDINAL = 310;

    private static volatile Map<String, String> members = Map.of();

    public SecretVariables() {
        super(members, ORDINAL);
    }

    /// Before the configuration is read.
    static void set(Map<String, String> read) {
        members = Map.copyOf(read);
    }
}
