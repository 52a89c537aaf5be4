package dev.parley.model;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The one text form in which passages stand in a prompt, written for every model and read back by the extractive
/// one.
///
/// A block of `<passage number="1" source="file">` elements. Texts stay as they are but for what would read as the
/// block's own tags, so that a document can neither end its passage nor fake another.
public final class Passages {

    private static final Pattern PASSAGE =
            Pattern.compile("<passage number=\"(\\d{1,9})\" source=\"([^\"]*)\">\n(.*?)\n</passage>", Pattern.DOTALL);

    private Passages() {}

    /// The passages as a block of text for a system or user message.
    public static String render(List<Passage> passages) {
        return passages.stream()
                .map(Passages::render)
                .collect(Collectors.joining("\n", "<passages>\n", "\n</passages>"));
    }

    /// The passages of the last block in these messages; empty when there is none.
    public static List<Passage> in(List<ChatMessage> messages) {
        for (ChatMessage message : messages.reversed()) {
            String text = text(message);
            int start = text.lastIndexOf("<passages>");
            int end = text.indexOf("</passages>", Math.max(start, 0));
            if (start >= 0 && end >= 0) {
                return parse(text.substring(start, end));
            }
        }
        return List.of();
    }

    /// Whether these messages hold a block of passages at all, be it an empty one.
    public static boolean areIn(List<ChatMessage> messages) {
        return messages.stream().map(Passages::text).anyMatch(text -> text.contains("</passages>"));
    }

    /// Where the first block begins in a text; negative when there is none.
    static int start(String text) {
        return text.indexOf("<passages>");
    }

    private static String render(Passage passage) {
        return "<passage number=\"%d\" source=\"%s\">\n%s\n</passage>"
                .formatted(passage.number(), escapeAttribute(passage.source()), escape(passage.text()));
    }

    private static List<Passage> parse(String block) {
        return PASSAGE.matcher(block)
                .results()
                .map(found -> new Passage(
                        Integer.parseInt(found.group(1)), unescapeAttribute(found.group(2)), unescape(found.group(3))))
                .toList();
    }

    private static String text(ChatMessage message) {
        return switch (message) {
            case SystemMessage system -> system.text();
            case ToolExecutionResultMessage result -> result.text();
            case UserMessage user ->
                user.contents().stream()
                        .filter(TextContent.class::isInstance)
                        .map(content -> ((TextContent) content).text())
                        .collect(Collectors.joining("\n"));
            default -> "";
        };
    }

    private static String escape(String text) {
        return text.replaceAll("&(?=lt;|amp;)", "&amp;").replaceAll("<(?=/?passage)", "&lt;");
    }

    private static String unescape(String text) {
        return text.replaceAll("&lt;(?=/?passage)", "<").replaceAll("&amp;(?=lt;|amp;)", "&");
    }

    private static String escapeAttribute(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("\n", "&#10;");
    }

    private static String unescapeAttribute(String text) {
        return text.replace("&#10;", "\n")
                .replace("&quot;", "\"")
                .replace("&gt;", ">")
                .replace("&lt;", "<")
                .replace("&amp;", "&");
    }
}
