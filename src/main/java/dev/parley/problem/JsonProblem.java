package dev.parley.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;

/// What is wrong with a body, in the client's words: which field, not which class.
final class JsonProblem {

    private JsonProblem() {}

    static Problem of(JsonProcessingException failure) {
        return switch (failure) {
            case UnrecognizedPropertyException unknown -> Problem.unknown(path(unknown));
            case MismatchedInputException mismatch when !mismatch.getPath().isEmpty() -> wrongType(path(mismatch));
            case JsonMappingException mapping when mapping.getCause() instanceof Problem cause -> cause;
            default ->
                Problem.of(
                        ProblemKind.INVALID_REQUEST,
                        "invalid_json",
                        "We could not parse the JSON body of your request.");
        };
    }

    private static Problem wrongType(String param) {
        return new Problem(
                ProblemKind.INVALID_REQUEST, "invalid_type", param, "Invalid type or value for '%s'.".formatted(param));
    }

    /// The failing field as a client writes it: `messages[0].content`.
    private static String path(JsonMappingException failure) {
        var path = new StringBuilder();
        for (var step : failure.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }
}
