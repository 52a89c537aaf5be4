package dev.parley.batch;

import dev.parley.batch.BatchErrors.BatchError;
import dev.parley.batch.InputLines.InputLine;
import dev.parley.problem.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks through a whole input file before any of it is taken.
final class InputCheck {

    private static final int MAX_ERRORS = 100;

    private final LineReader reader;
    private final int maxLines;
    private final List<BatchError> errors = new ArrayList<>();
    private final Set<String> customIds = new HashSet<>();
    private final Set<@Nullable String> models = new HashSet<>();
    private int count;

    InputCheck(LineReader reader, int maxLines) {
        this.reader = reader;
        this.maxLines = maxLines;
    }

    /// What is wrong, the first hundred complaints at most; empty for a good file.
    List<BatchError> look(InputLines lines) {
        for (Optional<InputLine> line = lines.next(); line.isPresent(); line = lines.next()) {
            if (++count > maxLines) {
                errors.add(BatchError.ofFile(
                        "too_many_requests", "The batch has more than %d requests.".formatted(maxLines)));
                return errors;
            }
            look(line.get());
            if (errors.size() == MAX_ERRORS) {
                return errors;
            }
        }
        if (count == 0) {
            errors.add(BatchError.ofFile("empty_file", "The input file has no requests."));
        }
        return errors;
    }

    private void look(InputLine line) {
        try {
            LineReader.Request request = reader.read(line);
            models.add(request.model());
            if (!customIds.add(request.customId())) {
                throw LineReader.duplicate();
            }
        } catch (Problem problem) {
            errors.add(BatchError.of(problem, line.number()));
        }
    }

    int count() {
        return count;
    }

    /// The one that all lines name; null when there is no such.
    @Nullable
    String model() {
        return models.size() == 1 ? models.iterator().next() : null;
    }
}
