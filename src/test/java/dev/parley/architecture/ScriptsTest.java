package dev.parley.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ScriptsTest {

    private static final Pattern FUNCTION = Pattern.compile("(?m)^([a-z_]+)\\(\\)");

    /// `./dev` reads all of them, and a function of the same name takes the place of the one before.
    @Test
    void noFunctionOfTheScriptsIsDefinedTwice() throws IOException {
        var names = new ArrayList<String>();
        try (var scripts = Files.newDirectoryStream(Path.of("scripts"), "*.sh")) {
            for (Path script : scripts) {
                names.addAll(functions(script));
            }
        }
        names.addAll(functions(Path.of("dev")));

        assertThat(names).hasSizeGreaterThan(50).doesNotHaveDuplicates();
    }

    private static List<String> functions(Path script) throws IOException {
        return FUNCTION.matcher(Files.readString(script))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
