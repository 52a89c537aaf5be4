package dev.parley.ingestion;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.renderer.text.LineBreakRendering;
import org.commonmark.renderer.text.TextContentRenderer;
import org.jsoup.Jsoup;

/// CommonMark, as its reader sees it: without markup, but with list markers and link targets.
record MarkdownParser(int maxCharacters) implements Parser {

    private static final Pattern FRONT_MATTER = Pattern.compile("\\A---\\R(.*?)\\R---\\s*?(\\R|\\z)", Pattern.DOTALL);

    @Override
    public void parse(Upload upload, DocumentBuilder document) throws IOException {
        String text = TextFile.read(upload, maxCharacters);
        Matcher frontMatter = FRONT_MATTER.matcher(text);
        if (frontMatter.find()) {
            document.code(frontMatter.group(1));
            text = text.substring(frontMatter.end());
        }
        var parser = org.commonmark.parser.Parser.builder().build();
        var renderer = TextContentRenderer.builder()
                .lineBreakRendering(LineBreakRendering.COMPACT)
                .build();
        for (Node node = parser.parse(text).getFirstChild(); node != null; node = node.getNext()) {
            add(node, renderer, document);
        }
    }

    private static void add(Node node, TextContentRenderer renderer, DocumentBuilder document) {
        switch (node) {
            case Heading heading -> document.heading(heading.getLevel(), renderer.render(heading));
            case FencedCodeBlock code -> document.code(code.getLiteral());
            case IndentedCodeBlock code -> document.code(code.getLiteral());
            case HtmlBlock html ->
                document.paragraph(Jsoup.parse(html.getLiteral()).wholeText());
            default -> document.paragraph(renderer.render(node));
        }
    }
}
