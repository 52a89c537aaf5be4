package dev.parley.tool.builtin;

import dev.parley.egress.EgressResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/// What a reader sees of a page, in reading order: no scripts, no navigation, nothing hidden. The walk is jsoup's,
/// without recursion: pages may be nested thousands deep.
final class PageText implements NodeVisitor {

    private static final String NOT_CONTENT = "script, style, noscript, template, nav, svg, iframe, object, canvas, "
            + "button, select, input, textarea, body > footer, [hidden], [aria-hidden=true]";
    private static final Set<String> PARAGRAPHS =
            Set.of("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote");
    private static final Set<String> INLINE = Set.of("br", "td", "th");
    private static final Pattern CHARSET = Pattern.compile("charset\\s*=\\s*\"?([^\\s;\"]+)", Pattern.CASE_INSENSITIVE);

    private final StringBuilder text = new StringBuilder();
    private final boolean withLinks;

    private PageText(boolean withLinks) {
        this.withLinks = withLinks;
    }

    static String of(EgressResponse answer, boolean withLinks) {
        String type = answer.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (!type.contains("html")) {
            return new String(answer.body(), charset(type).orElse(StandardCharsets.UTF_8)).strip();
        }
        Document page = parsed(answer, type);
        page.select(NOT_CONTENT).remove();
        var reader = new PageText(withLinks);
        page.body().traverse(reader);
        String body = reader.text
                .toString()
                .replaceAll("[ \\t]*\\n[ \\t]*", "\n")
                .replaceAll("\\n{3,}", "\n\n")
                .strip();
        return page.title().isBlank() ? body : page.title().strip() + "\n\n" + body;
    }

    private static Document parsed(EgressResponse answer, String type) {
        try {
            return Jsoup.parse(
                    new ByteArrayInputStream(answer.body()),
                    charset(type).map(Charset::name).orElse(null), // then the page's own word counts
                    answer.url());
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static Optional<Charset> charset(String type) {
        Matcher named = CHARSET.matcher(type);
        try {
            return named.find() ? Optional.of(Charset.forName(named.group(1))) : Optional.empty();
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return Optional.empty();
        }
    }

    @Override
    public void head(Node node, int depth) {
        switch (node) {
            case TextNode words -> append(words.getWholeText().replaceAll("\\s+", " "));
            case Element element -> {
                breakAt(element);
                if (element.normalName().equals("br")) {
                    text.append('\n');
                } else if (element.normalName().equals("li")) {
                    text.append("- ");
                }
            }
            default -> {}
        }
    }

    @Override
    public void tail(Node node, int depth) {
        if (node instanceof Element element) {
            switch (element.normalName()) {
                case "td", "th" -> text.append(" | ");
                case "a" -> link(element.absUrl("href"));
                default -> breakAt(element);
            }
        }
    }

    private void breakAt(Element element) {
        if (PARAGRAPHS.contains(element.normalName())) {
            newLines(2);
        } else if (element.isBlock() && !INLINE.contains(element.normalName())) {
            newLines(1);
        }
    }

    private void newLines(int wanted) {
        int end = text.length();
        while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        long there = text.substring(end).chars().filter(c -> c == '\n').count();
        if (end > 0) {
            text.append("\n".repeat((int) Math.max(0, wanted - there)));
        }
    }

    private void link(String target) {
        if (withLinks && target.startsWith("http")) {
            text.append(" <").append(target).append('>');
        }
    }

    private void append(String words) {
        boolean atSpace = text.isEmpty() || Character.isWhitespace(text.charAt(text.length() - 1));
        text.append(atSpace ? words.stripLeading() : words);
    }
}
