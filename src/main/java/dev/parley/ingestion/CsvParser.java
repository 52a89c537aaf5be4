package dev.parley.ingestion;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/// Tables: each row as lines of "column: value", so that a row found alone still says what its values are.
record CsvParser(int maxCharacters) implements Parser {

    private static final String SEPARATORS = ",;\t|";
    private static final int LINES_TO_LOOK_AT = 20;

    @Override
    public void parse(Upload upload, DocumentBuilder document) throws IOException {
        String text = TextFile.read(upload, maxCharacters);
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(separator(text))
                .setTrailingData(true)
                .setLenientEof(true)
                .setIgnoreSurroundingSpaces(true)
                .get();
        try (var parser = format.parse(new StringReader(text))) {
            rows(parser.iterator(), document);
        } catch (UncheckedIOException | IOException malformed) {
            throw IngestionFailure.invalid("The file is not well-formed CSV; check its quotation marks.");
        }
    }

    private static void rows(Iterator<CSVRecord> records, DocumentBuilder document) {
        if (!records.hasNext()) {
            return;
        }
        List<String> columns = records.next().toList();
        if (!records.hasNext()) {
            document.row(String.join(" | ", columns));
        }
        while (records.hasNext()) {
            document.row(row(columns, records.next()));
        }
    }

    private static String row(List<String> columns, CSVRecord row) {
        return IntStream.range(0, row.size())
                .filter(i -> !row.get(i).isBlank())
                .mapToObj(i -> column(columns, i) + ": " + row.get(i).strip())
                .collect(Collectors.joining("\n"));
    }

    private static String column(List<String> columns, int i) {
        return i < columns.size() && !columns.get(i).isBlank() ? columns.get(i).strip() : "Column " + (i + 1);
    }

    /// The candidate that is most frequent in the first lines.
    private static char separator(String text) {
        String start = text.lines().limit(LINES_TO_LOOK_AT).collect(Collectors.joining("\n"));
        char best = SEPARATORS.charAt(0);
        for (char candidate : SEPARATORS.toCharArray()) {
            if (count(start, candidate) > count(start, best)) {
                best = candidate;
            }
        }
        return best;
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(c -> c == wanted).count();
    }
}
