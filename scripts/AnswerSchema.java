import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.DisallowUnknownKeywordFactory;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A JSON schema (2020-12) that an answer has to fit. A keyword that it does not know is refused: it would check nothing.
record AnswerSchema(Schema schema) implements Expectation {

    private static final Dialect STRICT = Dialect.builder(Dialects.getDraft202012())
            .unknownKeywordFactory(DisallowUnknownKeywordFactory.getInstance())
            .build();

    /// @throws IllegalArgumentException that says why it is no schema
    static AnswerSchema of(JsonNode json) {
        try {
            var registry = SchemaRegistry.withDefaultDialect(STRICT);
            var problems = registry.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId())).validate(json);
            if (!problems.isEmpty()) throw new IllegalArgumentException("not a schema: " + told(problems));
            var schema = registry.getSchema(json);
            schema.initializeValidators();
            return new AnswerSchema(schema);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("json_schema: " + e.getMessage());
        }
    }

    @Override
    public Optional<String> failure(Http http, EvalAnswer answer) {
        try {
            var problems = schema.validate(Http.JSON.readTree(answer.text()));
            return Expectation.when(!problems.isEmpty(), told(problems));
        } catch (JsonProcessingException e) {
            return Optional.of("is not JSON");
        }
    }

    private static String told(List<Error> problems) {
        return problems.stream()
                .map(problem -> (problem.getInstanceLocation() + " " + problem.getMessage()).strip())
                .collect(Collectors.joining("; "));
    }
}
