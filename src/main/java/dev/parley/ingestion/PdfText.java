package dev.parley.ingestion;

import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.text.PDFTextStripper;

/// A PDF's text in paragraphs, page after page in one walk, within a time.
final class PdfText extends PDFTextStripper {

    private static final Pattern HYPHENATION = Pattern.compile("(\\p{Ll})-\\n(?=\\p{Ll})");

    private final DocumentBuilder document;
    private final StringWriter page = new StringWriter();
    private final Duration timeout;
    private final long start = System.nanoTime();

    PdfText(DocumentBuilder document, Duration timeout) {
        this.document = document;
        this.timeout = timeout;
        setLineSeparator("\n");
        setParagraphEnd("\n\n");
        setPageEnd("\n\n");
    }

    void read(PDDocument pdf) throws IOException {
        writeText(pdf, page);
    }

    @Override
    protected void endPage(PDPage ended) throws IOException {
        super.endPage(ended);
        document.page(getCurrentPageNo());
        TextParser.paragraphs(HYPHENATION.matcher(page.toString()).replaceAll("$1"), document);
        page.getBuffer().setLength(0);
    }

    /// Called for each instruction of a page, so one endless page is stopped as well.
    @Override
    protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
        if (System.nanoTime() - start > timeout.toNanos()) {
            throw IngestionFailure.invalid("The PDF takes more than %d seconds to read. Split it into smaller files."
                    .formatted(timeout.toSeconds()));
        }
        super.processOperator(operator, operands);
    }
}
