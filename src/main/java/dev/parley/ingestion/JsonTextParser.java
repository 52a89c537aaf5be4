package dev.parley.ingestion;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;

/// JSON: one record for each element of a list and each member of an object, two levels deep, which is where most
/// files keep what they are a list of.
record JsonTextParser(int maxCharacters) implements Parser {

    @Override
    public void parse(Upload upload, DocumentBuilder document) throws IOException {
        String text = TextFile.read(upload, maxCharacters);
        try (var json = new JsonFactory().createParser(text)) {
            while (json.nextToken() != null) {
                value(json, document);
            }
        } catch (StreamConstraintsException beyond) {
            throw IngestionFailure.invalid("The JSON is nested too deeply or has a value that is too long.");
        } catch (JsonProcessingException malformed) {
            throw IngestionFailure.invalid("The file is not valid JSON (line %d, column %d)."
                    .formatted(
                            malformed.getLocation().getLineNr(),
                            malformed.getLocation().getColumnNr()));
        }
    }

    private void value(JsonParser json, DocumentBuilder document) throws IOException {
        if (json.currentToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                member(json, name, document);
            }
        } else {
            member(json, "", document);
        }
    }

    private void member(JsonParser json, String name, DocumentBuilder document) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            document.row(JsonRecord.read(json, name, maxCharacters));
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            document.row(JsonRecord.read(json, name, maxCharacters));
        }
    }
}
