package dev.parley.ingestion;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document.OutputSettings;

/// Web pages: what a reader came for, without scripts, styles, navigation and forms.
record HtmlParser(int maxCharacters) implements Parser {

    private static final String NOT_CONTENT =
            "script, style, noscript, template, nav, svg, iframe, object, canvas, button, select, input, textarea, "
                    + "body > footer, [hidden], [aria-hidden=true]";

    @Override
    public void parse(Upload upload, DocumentBuilder document) throws IOException {
        org.jsoup.nodes.Document page = read(upload);
        page.outputSettings(new OutputSettings().prettyPrint(false));
        page.select(NOT_CONTENT).remove();
        String title = page.title();
        var heading = page.selectFirst("h1");
        if (heading == null || !heading.text().equals(title)) {
            document.heading(0, title);
        }
        new HtmlText(document).read(page.body());
    }

    /// A page that is not UTF-8 may say what it is in a meta element.
    private org.jsoup.nodes.Document read(Upload upload) throws IOException {
        String text = TextFile.read(upload, maxCharacters);
        String head = new String(upload.head(), StandardCharsets.ISO_8859_1);
        if (text.indexOf('\ufffd') < 0 && isUtf8(upload, text) || !head.contains("charset")) {
            return Jsoup.parse(text);
        }
        try (var in = Files.newInputStream(upload.path())) {
            return Jsoup.parse(in, null, "");
        }
    }

    private static boolean isUtf8(Upload upload, String text) throws IOException {
        return text.getBytes(StandardCharsets.UTF_8).length == Files.size(upload.path());
    }
}
