import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// What a version answered to a case.
///
/// @param cited names and ids of files
record EvalAnswer(String text, List<String> cited, long latencyMillis, long costMicros) {

    static EvalAnswer ask(Http http, JsonNode request) {
        long start = System.nanoTime();
        var response = http.post("/v1/responses", request);
        long millis = (System.nanoTime() - start) / 1_000_000;
        var text = new StringBuilder();
        var cited = new ArrayList<String>();
        for (var item : response.path("output")) {
            for (var part : item.path("content")) {
                text.append(part.path("text").asText(part.path("refusal").asText()));
                for (var annotation : part.path("annotations")) {
                    cited.add(annotation.path("filename").asText());
                    cited.add(annotation.path("file_id").asText());
                }
            }
        }
        return new EvalAnswer(text.toString(), cited, millis, response.at("/parley/receipt/cost_micros").asLong());
    }
}
