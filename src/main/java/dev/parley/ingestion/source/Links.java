package dev.parley.ingestion.source;

import dev.parley.ingestion.Xml;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// What sitemaps (https://www.sitemaps.org/protocol.html), RSS and Atom feeds link to. They come from strangers: no
/// document types, bounded in size.
///
/// @param pages links to documents
/// @param sitemaps links to further sitemaps
record Links(List<String> pages, List<String> sitemaps) {

    /// What the protocol lets a sitemap have, unpacked.
    private static final long MAX_BYTES = 50L * 1024 * 1024;

    private static final int MAX_LINKS = 50_000;

    private static final int GZIP_MAGIC = 0x8b1f;

    /// A document that is none, or too large.
    static final class Unreadable extends RuntimeException {

        Unreadable(String message) {
            super(message);
        }
    }

    /// @throws Unreadable
    /// @throws IOException when the answer breaks off
    static Links ofSitemap(InputStream body) throws IOException {
        return read(body, "sitemap", "urlset", "sitemapindex");
    }

    /// @throws Unreadable
    /// @throws IOException when the answer breaks off
    static Links ofFeed(InputStream body) throws IOException {
        return read(body, "feed", "rss", "feed", "rdf");
    }

    private static Links read(InputStream body, String what, String... roots) throws IOException {
        try {
            XMLStreamReader xml = Xml.read(new Bounded(unpacked(body)));
            xml.nextTag();
            if (!List.of(roots).contains(xml.getLocalName().toLowerCase(Locale.ROOT))) {
                throw new Unreadable("This is not a %s: its root is '%s'.".formatted(what, xml.getLocalName()));
            }
            var links = new Links(new ArrayList<>(), new ArrayList<>());
            if (what.equals("sitemap")) {
                links.addLocations(xml);
            } else {
                links.addEntries(xml);
            }
            return links;
        } catch (XMLStreamException malformed) {
            throw new Unreadable("The %s is not well-formed XML, or has a document type.".formatted(what));
        }
    }

    /// `loc` of each `url` and `sitemap`; those of pictures and videos have a namespace of their own and another
    /// parent.
    private void addLocations(XMLStreamReader xml) throws XMLStreamException {
        String parent = "";
        while (xml.hasNext()) {
            if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                String name = xml.getLocalName();
                if (name.equals("url") || name.equals("sitemap")) {
                    parent = name;
                } else if (name.equals("loc")) {
                    add(parent.equals("url") ? pages : parent.equals("sitemap") ? sitemaps : List.of(), xml);
                    parent = "";
                }
            }
        }
    }

    private static void add(List<String> links, XMLStreamReader xml) throws XMLStreamException {
        String text = xml.getElementText().strip();
        if (links instanceof ArrayList<String> wanted && wanted.size() < MAX_LINKS && !text.isEmpty()) {
            wanted.add(text);
        }
    }

    private void addEntries(XMLStreamReader xml) throws XMLStreamException {
        while (xml.hasNext()) {
            if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                switch (xml.getLocalName()) {
                    case "item" -> addItem(xml);
                    case "entry" -> addEntry(xml);
                    default -> {}
                }
            }
        }
    }

    /// RSS: its `link`, or a `guid` that is one.
    private void addItem(XMLStreamReader xml) throws XMLStreamException {
        String link = "";
        String guid = "";
        int depth = 1;
        while (depth > 0) {
            int event = xml.next();
            if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            } else if (event == XMLStreamConstants.START_ELEMENT) {
                boolean isPlain = xml.getPrefix() == null || xml.getPrefix().isEmpty();
                if (depth == 1 && isPlain && xml.getLocalName().equals("link")) {
                    link = xml.getElementText().strip();
                } else if (depth == 1 && xml.getLocalName().equals("guid")) {
                    boolean isLink = !Xml.attribute(xml, "isPermaLink").equals("false");
                    String text = xml.getElementText().strip();
                    guid = isLink ? text : "";
                } else {
                    depth++;
                }
            }
        }
        addPage(link.isEmpty() ? guid : link);
    }

    /// Atom: its `link` to the page itself.
    private void addEntry(XMLStreamReader xml) throws XMLStreamException {
        String link = "";
        for (int depth = 1; depth > 0; ) {
            int event = xml.next();
            if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            } else if (event == XMLStreamConstants.START_ELEMENT) {
                depth++;
                String relation = Xml.attribute(xml, "rel");
                if (depth == 2
                        && xml.getLocalName().equals("link")
                        && link.isEmpty()
                        && (relation.isEmpty() || relation.equals("alternate"))) {
                    link = Xml.attribute(xml, "href").strip();
                }
            }
        }
        addPage(link);
    }

    private void addPage(String link) {
        if (!link.isEmpty() && pages.size() < MAX_LINKS) {
            pages.add(link);
        }
    }

    /// Sitemaps come as gzip files too, whatever their server calls them.
    private static InputStream unpacked(InputStream body) throws IOException {
        var buffered = new BufferedInputStream(body);
        buffered.mark(2);
        int magic = buffered.read() | buffered.read() << 8;
        buffered.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(buffered) : buffered;
    }

    private static final class Bounded extends InputStream {

        private final InputStream in;
        private long left = MAX_BYTES;

        Bounded(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = in.read(target, offset, length);
            left -= Math.max(read, 0);
            if (left < 0) {
                throw new Unreadable("It is larger than %d bytes.".formatted(MAX_BYTES));
            }
            return read;
        }
    }
}
