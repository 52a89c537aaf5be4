package dev.parley.ingestion;

import java.io.InputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// XML from strangers: no document types, so no entities, neither external nor exploding.
public final class Xml {

    private Xml() {}

    public static XMLStreamReader read(InputStream in) throws XMLStreamException {
        return factory(true).createXMLStreamReader(in);
    }

    /// With long texts in pieces, so that nobody holds them who does not want them.
    public static XMLStreamReader readInPieces(InputStream in) throws XMLStreamException {
        return factory(false).createXMLStreamReader(in);
    }

    private static XMLInputFactory factory(boolean whole) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, whole);
        return factory;
    }

    /// An attribute by its local name; empty when there is none.
    public static String attribute(XMLStreamReader xml, String name) {
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            if (xml.getAttributeLocalName(i).equals(name)) {
                return xml.getAttributeValue(i);
            }
        }
        return "";
    }
}
