package dev.parley.ingestion;

import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/// Walks a page in reading order and makes a block of each run of text between block elements. The walk is jsoup's,
/// without recursion: pages may be nested thousands deep.
final class HtmlText implements NodeFilter {

    private final DocumentBuilder document;
    private final StringBuilder text = new StringBuilder();
    private boolean isListItem;

    HtmlText(DocumentBuilder document) {
        this.document = document;
    }

    void read(Element body) {
        body.filter(this);
        flush();
    }

    @Override
    public FilterResult head(Node node, int depth) {
        switch (node) {
            case TextNode words -> append(words.getWholeText().replaceAll("\\s+", " "));
            case Element element -> {
                return start(element);
            }
            default -> {}
        }
        return FilterResult.CONTINUE;
    }

    private FilterResult start(Element element) {
        switch (element.normalName()) {
            case "h1", "h2", "h3", "h4", "h5", "h6" -> {
                flush();
                document.heading(element.normalName().charAt(1) - '0', element.text());
                return FilterResult.SKIP_ENTIRELY;
            }
            case "pre" -> {
                flush();
                document.code(element.wholeText());
                return FilterResult.SKIP_ENTIRELY;
            }
            case "tr" -> {
                flush();
                if (element.selectFirst("table") == null) {
                    document.row(String.join(" | ", element.select("th, td").eachText()));
                    return FilterResult.SKIP_ENTIRELY;
                }
            }
            case "br" -> text.append('\n');
            case "img" -> append(element.attr("alt"));
            default -> block(element);
        }
        return FilterResult.CONTINUE;
    }

    private void block(Element element) {
        if (element.isBlock()) {
            flush();
            isListItem |= element.normalName().equals("li");
        }
    }

    @Override
    public FilterResult tail(Node node, int depth) {
        if (node instanceof Element element
                && element.isBlock()
                && !element.normalName().equals("br")) {
            flush();
            isListItem &= !element.normalName().equals("li");
        }
        return FilterResult.CONTINUE;
    }

    private void append(String words) {
        boolean isAtSpace = text.isEmpty() || Character.isWhitespace(text.charAt(text.length() - 1));
        text.append(isAtSpace ? words.stripLeading() : words);
    }

    private void flush() {
        String block = text.toString().strip();
        text.setLength(0);
        if (block.isEmpty()) {
            return;
        }
        if (isListItem) {
            document.listItem("- " + block);
        } else {
            document.paragraph(block);
        }
        isListItem = false;
    }
}
