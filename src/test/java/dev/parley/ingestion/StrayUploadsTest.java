package dev.parley.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrayUploadsTest {

    private static final Instant BEFORE = Instant.parse("2025-01-02T00:00:00Z");

    @TempDir
    Path directory;

    @Test
    void onlyOldFilesOfOursAreDeleted() throws Exception {
        Path old = file("parley-1.upload", BEFORE.minusSeconds(1));
        Path output = file("parley-batch-1.jsonl", BEFORE.minusSeconds(1));
        Path inUse = file("parley-2.upload", BEFORE.plusSeconds(1));
        Path another = file("other.upload", BEFORE.minusSeconds(1));

        StrayUploads.sweep(directory, BEFORE);

        assertThat(old).doesNotExist();
        assertThat(output).doesNotExist();
        assertThat(inUse).exists();
        assertThat(another).exists();
    }

    @Test
    void aDirectoryThatCannotBeReadIsLeftAlone() {
        StrayUploads.sweep(directory.resolve("missing"), BEFORE);

        assertThat(directory).isEmptyDirectory();
    }

    private Path file(String name, Instant modified) throws IOException {
        return Files.setLastModifiedTime(Files.createFile(directory.resolve(name)), FileTime.from(modified));
    }
}
