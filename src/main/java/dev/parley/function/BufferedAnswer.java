package dev.parley.function;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.problem.ErrorEnvelope;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A whole HTTP answer as API Gateway's REST proxy integration takes it. What is no text travels as Base64.
///
/// Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
@RegisterForReflection
record BufferedAnswer(
        int statusCode,
        Map<String, List<String>> multiValueHeaders,
        String body,
        @JsonProperty("isBase64Encoded") boolean isBase64Encoded) {

    /// What Lambda takes, with what Base64 and JSON's escapes add to the body.
    static final int MOST_BYTES = 6 * 1024 * 1024;

    private static final int BUFFER_BYTES = 16 * 1024;

    /// @throws IOException when the answer breaks off
    static BufferedAnswer of(Application.Exchange exchange) throws IOException {
        HttpAnswer answer = exchange.answer();
        Map<String, List<String>> headers = answer.headers().stream()
                .filter(header -> !header.isHopByHop() && !header.is("content-length"))
                .collect(Collectors.groupingBy(
                        Header::lowerName, TreeMap::new, Collectors.mapping(Header::value, Collectors.toList())));
        byte[] body = body(exchange);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return new BufferedAnswer(answer.status(), headers, text, false);
        } catch (CharacterCodingException binary) {
            String coded = Base64.getEncoder().encodeToString(body);
            return new BufferedAnswer(answer.status(), headers, coded, true);
        }
    }

    private static byte[] body(Application.Exchange exchange) throws IOException {
        var body = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int length = exchange.read(buffer); length >= 0; length = exchange.read(buffer)) {
            if (body.size() <= MOST_BYTES) { // enough to know that it is too large
                body.write(buffer, 0, length);
            }
        }
        return body.toByteArray();
    }

    /// Instead of an answer that Lambda would not take.
    static BufferedAnswer tooLarge(ObjectMapper json) throws IOException {
        Problem problem = Problem.of(
                ProblemKind.INTERNAL,
                "response_too_large",
                "The answer is larger than a function that buffers can give. Ask for less, or let it stream.");
        return new BufferedAnswer(
                problem.kind().status(),
                Map.of("content-type", List.of("application/json")),
                json.writeValueAsString(ErrorEnvelope.of(problem)),
                false);
    }
}
