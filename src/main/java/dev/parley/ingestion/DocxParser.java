package dev.parley.ingestion;

import java.io.IOException;
import java.io.InputStream;
import javax.xml.stream.XMLStreamException;

/// Word documents: a zip of XML, of which the body, its footnotes and the styles that make headings are read.
/// A library for all of the format weighs more than Parley and does not fit a native image.
///
/// Source: ECMA-376, part 1, WordprocessingML.
record DocxParser(int maxEntries, long maxInflated) implements Parser {

    @Override
    public void parse(Upload upload, DocumentBuilder document) throws IOException {
        try (var archive = new DocxArchive(upload.path(), maxEntries, maxInflated)) {
            DocxStyles styles = styles(archive);
            read(archive, "word/document.xml", styles, document);
            read(archive, "word/footnotes.xml", styles, document);
            if (document.isEmpty() && archive.file("word/document.xml") == null) {
                throw IngestionFailure.invalid("The file is a zip archive, but not a DOCX document.");
            }
        } catch (XMLStreamException | IOException damaged) {
            throw IngestionFailure.invalid("The DOCX is damaged and cannot be read. Try to save it anew.");
        }
    }

    private static DocxStyles styles(DocxArchive archive) throws IOException, XMLStreamException {
        try (InputStream in = archive.file("word/styles.xml")) {
            return in == null ? DocxStyles.NONE : DocxStyles.read(Xml.read(in));
        }
    }

    private static void read(DocxArchive archive, String name, DocxStyles styles, DocumentBuilder document)
            throws IOException, XMLStreamException {
        try (InputStream in = archive.file(name)) {
            if (in != null) {
                new DocxText(Xml.read(in), styles, document).read();
            }
        }
    }
}
