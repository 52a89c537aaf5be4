package dev.parley.model;

import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/// `models.properties` as a source of configuration: the models that come with Parley and their prices, in one file
/// with its date. Everything else that sets the same property wins.
public final class CatalogFile extends PropertiesConfigSource {

    private static final String FILE = "/models.properties";

    /// Below application.properties, which has 250.
    private static final int ORDINAL = 200;

    public CatalogFile() {
        super(read(), "models.properties", ORDINAL);
    }

    private static Map<String, String> read() {
        try (InputStream file = CatalogFile.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException("The application lacks " + FILE);
            }
            var properties = new Properties();
            properties.load(new InputStreamReader(file, StandardCharsets.UTF_8));
            var values = new HashMap<String, String>();
            properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
            return values;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
