package dev.parley.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.ingestion.Block.Kind;
import dev.parley.knowledge.Attachments.FailureCode;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Parses files as ingestion does, with the default limits or others.
final class Parsing {

    private Parsing() {}

    static List<Block> parse(String filename, String content) {
        return parse(filename, content.getBytes(StandardCharsets.UTF_8));
    }

    static List<Block> parse(String filename, byte[] content) {
        return parse(filename, content, Map.of());
    }

    static List<Block> parse(String filename, byte[] content, Map<String, String> config) {
        return parse(filename, "application/octet-stream", content, config);
    }

    static List<Block> parse(String filename, String contentType, byte[] content, Map<String, String> config) {
        try (var upload = Upload.copy(filename, contentType, new ByteArrayInputStream(content))) {
            return new Parsers(config(config)).parse(upload).blocks();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static IngestionConfig config(Map<String, String> config) {
        return new SmallRyeConfigBuilder()
                .withMapping(IngestionConfig.class)
                .withConverter(Duration.class, 100, new DurationConverter())
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withSources(new PropertiesConfigSource(config, "test", 100))
                .build()
                .getConfigMapping(IngestionConfig.class);
    }

    static List<String> texts(List<Block> blocks) {
        return blocks.stream().map(Block::text).toList();
    }

    static List<Kind> kinds(List<Block> blocks) {
        return blocks.stream().map(Block::kind).toList();
    }

    static void assertInvalid(String filename, byte[] content, String... reason) {
        assertInvalid(filename, content, Map.of(), reason);
    }

    static void assertInvalid(String filename, byte[] content, Map<String, String> config, String... reason) {
        assertFails(FailureCode.INVALID_FILE, filename, content, config, reason);
    }

    static void assertUnsupported(String filename, byte[] content, String... reason) {
        assertFails(FailureCode.UNSUPPORTED_FILE, filename, content, Map.of(), reason);
    }

    private static void assertFails(
            FailureCode code, String filename, byte[] content, Map<String, String> config, String... reason) {
        assertThatThrownBy(() -> parse(filename, content, config))
                .isInstanceOfSatisfying(IngestionFailure.class, failure -> {
                    assertThat(failure.code()).isEqualTo(code);
                    assertThat(failure.reason()).contains(reason);
                });
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
