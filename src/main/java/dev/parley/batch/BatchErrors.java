package dev.parley.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a batch failed, as the API shows it.
@RegisterForReflection
record BatchErrors(String object, List<BatchError> data) {

    /// @param line of the input file, from 1; null for the file as a whole
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record BatchError(
            String code,
            String message,
            @Nullable String param,
            @Nullable Integer line) {

        static BatchError of(Problem problem, int line) {
            return new BatchError(problem.code(), problem.getMessage(), problem.param(), line);
        }

        static BatchError ofFile(String code, String message) {
            return new BatchError(code, message, null, null);
        }
    }

    static BatchErrors of(List<BatchError> errors) {
        return new BatchErrors("list", List.copyOf(errors));
    }
}
