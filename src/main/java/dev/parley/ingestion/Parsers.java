package dev.parley.ingestion;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;

/// Turns any supported file into a [Document].
@ApplicationScoped
class Parsers {

    /// Moves when the same file would give another document, so that old checkpoints are not used.
    static final int VERSION = 1;

    private final IngestionConfig config;

    Parsers(IngestionConfig config) {
        this.config = config;
    }

    /// @throws IngestionFailure for a file that cannot be read
    Document parse(Upload upload) throws IOException {
        if (Files.size(upload.path()) == 0) {
            throw IngestionFailure.invalid("The file is empty.");
        }
        var document = new DocumentBuilder(config.maxCharacters());
        try {
            parser(Formats.recognise(upload)).parse(upload, document);
        } catch (StackOverflowError tooDeep) {
            throw IngestionFailure.invalid("The file's structure is nested too deeply.");
        }
        return document.build();
    }

    private Parser parser(DocumentFormat format) {
        int maxCharacters = config.maxCharacters();
        return switch (format) {
            case MARKDOWN -> new MarkdownParser(maxCharacters);
            case TEXT -> new TextParser(maxCharacters);
            case HTML -> new HtmlParser(maxCharacters);
            case PDF ->
                new PdfParser(
                        config.maxPages(),
                        config.parseTimeout(),
                        config.maxInflated().asLongValue());
            case DOCX ->
                new DocxParser(config.maxArchiveEntries(), config.maxInflated().asLongValue());
            case CSV -> new CsvParser(maxCharacters);
            case JSON -> new JsonTextParser(maxCharacters);
            case JSONL -> new JsonLinesParser(maxCharacters);
        };
    }
}
