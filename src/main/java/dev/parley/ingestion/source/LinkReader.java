package dev.parley.ingestion.source;

import dev.parley.ingestion.Xml;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Finds the links in sitemaps and feeds. They come from strangers: no document types, bounded in size, and of a text
/// no more is held than a link may have.
final class LinkReader {

    /// With blanks around it.
    private static final int MAX_TEXT = 2 * WebUrl.MAX_LENGTH;

    private final XMLStreamReader xml;
    private final String namespace;
    private final List<String> pages = new ArrayList<>();
    private final List<String> sitemaps = new ArrayList<>();
    private boolean cut;

    /// @param xml at its root
    private LinkReader(XMLStreamReader xml) {
        this.xml = xml;
        this.namespace = namespace(xml);
    }

    static Links read(InputStream body, String what, List<String> roots) throws IOException {
        try {
            XMLStreamReader xml = Xml.readInPieces(new ListingBody(body));
            xml.nextTag();
            if (!roots.contains(xml.getLocalName().toLowerCase(Locale.ROOT))) {
                throw new Links.Unreadable("This is not a %s: its root is '%s'.".formatted(what, xml.getLocalName()));
            }
            return new LinkReader(xml).links();
        } catch (XMLStreamException malformed) {
            throw new Links.Unreadable("The %s is not well-formed XML, or has a document type.".formatted(what));
        }
    }

    private Links links() throws XMLStreamException {
        while (xml.hasNext()) {
            if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                switch (xml.getLocalName()) {
                    case "url" -> add(pages, location());
                    case "sitemap" -> add(sitemaps, location());
                    case "item" -> add(pages, ofItem());
                    case "entry" -> add(pages, ofEntry());
                    default -> {}
                }
            }
        }
        return new Links(pages, sitemaps, cut);
    }

    private void add(List<String> links, String link) {
        if (link.isEmpty()) {
            return;
        }
        if (links.size() < Links.MOST) {
            links.add(link);
        } else {
            cut = true;
        }
    }

    /// `loc`; those of its pictures and videos have a namespace of their own.
    private String location() throws XMLStreamException {
        String location = "";
        while (nextChild()) {
            boolean isOwn = namespace(xml).isEmpty() || namespace(xml).equals(namespace);
            if (isOwn && location.isEmpty() && xml.getLocalName().equals("loc")) {
                location = text();
            } else {
                skip();
            }
        }
        return location;
    }

    /// RSS: its `link`, or a `guid` that is one.
    private String ofItem() throws XMLStreamException {
        String link = "";
        String guid = "";
        while (nextChild()) {
            boolean isPlain = Objects.requireNonNullElse(xml.getPrefix(), "").isEmpty();
            if (isPlain && xml.getLocalName().equals("link")) {
                link = text();
            } else if (isPlain && xml.getLocalName().equals("guid")) {
                boolean isLink = !Xml.attribute(xml, "isPermaLink").equals("false");
                String text = text();
                guid = isLink ? text : "";
            } else {
                skip();
            }
        }
        return link.isEmpty() ? guid : link;
    }

    /// Atom: its `link` to the page itself.
    private String ofEntry() throws XMLStreamException {
        String link = "";
        while (nextChild()) {
            String relation = Xml.attribute(xml, "rel");
            boolean isPage = relation.isEmpty() || relation.equals("alternate");
            if (isPage && link.isEmpty() && xml.getLocalName().equals("link")) {
                link = Xml.attribute(xml, "href").strip();
            }
            skip();
        }
        return link;
    }

    /// To the next element within the one that has begun; false at its end.
    private boolean nextChild() throws XMLStreamException {
        while (true) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return false;
                }
                default -> {}
            }
        }
    }

    /// However deep it goes.
    private void skip() throws XMLStreamException {
        for (int depth = 1; depth > 0; ) {
            depth += switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> 1;
                case XMLStreamConstants.END_ELEMENT -> -1;
                default -> 0;
            };
        }
    }

    /// The text up to the element's end; empty for one that is too long for a link.
    private String text() throws XMLStreamException {
        var text = new StringBuilder();
        for (int event = xml.next(); event != XMLStreamConstants.END_ELEMENT; event = xml.next()) {
            switch (event) {
                case XMLStreamConstants.START_ELEMENT -> skip();
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    int length = Math.min(xml.getTextLength(), MAX_TEXT - text.length());
                    text.append(xml.getTextCharacters(), xml.getTextStart(), length);
                }
                default -> {}
            }
        }
        String link = text.toString().strip();
        return link.length() > WebUrl.MAX_LENGTH ? "" : link;
    }

    private static String namespace(XMLStreamReader xml) {
        return Objects.requireNonNullElse(xml.getNamespaceURI(), "");
    }
}
