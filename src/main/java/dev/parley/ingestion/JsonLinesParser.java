package dev.parley.ingestion;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.Iterator;

/// JSON Lines: one record a line.
record JsonLinesParser(int maxCharacters) implements Parser {

    @Override
    public void parse(Upload upload, DocumentBuilder document) throws IOException {
        var factory = new JsonFactory();
        Iterator<String> lines = TextFile.read(upload, maxCharacters).lines().iterator();
        for (int number = 1; lines.hasNext(); number++) {
            String line = lines.next();
            if (!line.isBlank()) {
                document.row(record(factory, line, number));
            }
        }
    }

    private String record(JsonFactory factory, String line, int number) throws IOException {
        try (var json = factory.createParser(line)) {
            json.nextToken();
            String record = JsonRecord.read(json, "", maxCharacters);
            if (json.nextToken() != null) {
                throw malformed(number);
            }
            return record;
        } catch (JsonProcessingException failure) {
            throw malformed(number);
        }
    }

    private static IngestionFailure malformed(int line) {
        return IngestionFailure.invalid("Line %d of the file is not one valid JSON value.".formatted(line));
    }
}
