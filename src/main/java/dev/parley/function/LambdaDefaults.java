package dev.parley.function;

import java.util.Locale;

/// What is different under Lambda, unless a variable or system property says otherwise: nobody but this process
/// reaches its HTTP server, and a database connection that was kept through a freeze may be dead when it is wanted.
final class LambdaDefaults {

    private LambdaDefaults() {}

    /// Before the configuration is read.
    static void set() {
        set("quarkus.http.host", "127.0.0.1");
        set("quarkus.http.port", "0");
        set("quarkus.datasource.jdbc.min-size", "0");
        set("quarkus.datasource.jdbc.initial-size", "0");
        set("quarkus.datasource.jdbc.idle-removal-interval", "30S");
        set("quarkus.datasource.jdbc.foreground-validation-interval", "5S");
    }

    private static void set(String property, String value) {
        String variable = property.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
        if (System.getProperty(property) == null && System.getenv(variable) == null) {
            System.setProperty(property, value);
        }
    }
}
