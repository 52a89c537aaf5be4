package dev.parley.ingestion;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads a document's body: paragraphs, headings, list items, and tables row by row. Deleted text and field codes are
/// in elements of their own and stay out.
final class DocxText {

    private final XMLStreamReader xml;
    private final DocxStyles styles;
    private final DocumentBuilder document;

    /// Open paragraphs: a text box's stand inside another.
    private final Deque<Paragraph> paragraphs = new ArrayDeque<>();

    /// Open rows, each the texts of its cells: tables stand in tables.
    private final Deque<List<StringBuilder>> rows = new ArrayDeque<>();

    private static final class Paragraph {
        final StringBuilder text = new StringBuilder();
        OptionalInt level = OptionalInt.empty();
        boolean isListItem;
    }

    DocxText(XMLStreamReader xml, DocxStyles styles, DocumentBuilder document) {
        this.xml = xml;
        this.styles = styles;
        this.document = document;
    }

    void read() throws XMLStreamException {
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> start(xml.getLocalName());
                case XMLStreamConstants.END_ELEMENT -> end(xml.getLocalName());
                default -> {}
            }
        }
    }

    private void start(String element) throws XMLStreamException {
        switch (element) {
            case "p" -> paragraphs.push(new Paragraph());
            case "tr" -> rows.push(new ArrayList<>());
            case "tc" -> rows.stream().findFirst().ifPresent(row -> row.add(new StringBuilder()));
            case "t" -> append(xml.getElementText());
            case "tab" -> append("\t");
            case "br", "cr" -> append("\n");
            case "noBreakHyphen" -> append("-");
            // The same text once more, for readers that do not know the first form.
            case "Fallback" -> skip();
            default -> property(element);
        }
    }

    private void property(String element) {
        Paragraph paragraph = paragraphs.peek();
        if (paragraph != null) {
            switch (element) {
                case "pStyle" -> paragraph.level = styles.level(Xml.attribute(xml, "val"));
                case "outlineLvl" -> paragraph.level = DocxStyles.outline(Xml.attribute(xml, "val"));
                case "numPr" -> paragraph.isListItem = true;
                default -> {}
            }
        }
    }

    private void end(String element) {
        switch (element) {
            case "p" -> end(paragraphs.pop());
            case "tr" -> end(rows.pop());
            default -> {}
        }
    }

    private void end(Paragraph paragraph) {
        String text = paragraph.text.toString().strip();
        if (!rows.isEmpty() && !rows.element().isEmpty()) {
            StringBuilder cell = rows.element().getLast();
            cell.append(cell.isEmpty() ? "" : " ").append(text);
        } else if (paragraph.level.isPresent()) {
            document.heading(paragraph.level.getAsInt(), text);
        } else if (paragraph.isListItem && !text.isEmpty()) {
            document.listItem("- " + text);
        } else {
            document.paragraph(text);
        }
    }

    private void end(List<StringBuilder> row) {
        String text = String.join(" | ", row);
        if (!text.replace("|", "").isBlank()) {
            document.row(text);
        }
    }

    private void append(String text) {
        Paragraph paragraph = paragraphs.peek();
        if (paragraph != null) {
            paragraph.text.append(text);
        }
    }

    private void skip() throws XMLStreamException {
        for (int depth = 1; depth > 0; ) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> depth++;
                case XMLStreamConstants.END_ELEMENT -> depth--;
                default -> {}
            }
        }
    }
}
