package dev.parley.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.batch.InputLines.InputLine;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InputLinesTest {

    @Test
    void blankLinesAreCountedAndNotTold() {
        assertThat(read("\uFEFFone\r\n\n  \ntwo", 100))
                .containsExactly(new InputLine(1, "one\r"), new InputLine(4, "two"));
    }

    @Test
    void aLineThatIsTooLongIsNotHeldAndTheNextOneIsRead() {
        String text = "short\n" + "x".repeat(200_000) + "\nü\n";

        assertThat(read(text, 100_000))
                .containsExactly(new InputLine(1, "short"), new InputLine(2, null), new InputLine(3, "ü"));
    }

    @Test
    void aLineLongerThanTheBufferIsWhole() {
        String line = "ä".repeat(100_000);

        assertThat(read(line, 1_000_000)).containsExactly(new InputLine(1, line));
    }

    private static List<InputLine> read(String text, int longest) {
        var lines = new InputLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), longest);
        var all = new ArrayList<InputLine>();
        for (Optional<InputLine> line = lines.next(); line.isPresent(); line = lines.next()) {
            all.add(line.get());
        }
        return all;
    }
}
