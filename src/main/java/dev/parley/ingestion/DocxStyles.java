package dev.parley.ingestion;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Which paragraph styles of a document are headings, and of which level; 0 is the title. A style's id depends on
/// the language of the Word that wrote it, its name and outline level do not.
record DocxStyles(Map<String, Integer> levels) {

    static final DocxStyles NONE = new DocxStyles(Map.of());
    private static final Pattern HEADING = Pattern.compile("heading (\\d)");
    private static final int BODY_TEXT = 9;

    static DocxStyles read(XMLStreamReader xml) throws XMLStreamException {
        var levels = new HashMap<String, Integer>();
        String style = "";
        while (xml.hasNext()) {
            if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                String value = Xml.attribute(xml, "val");
                switch (xml.getLocalName()) {
                    case "style" -> style = Xml.attribute(xml, "styleId");
                    case "name" -> byName(style, value.toLowerCase(Locale.ROOT), levels);
                    case "basedOn" -> {
                        if (levels.containsKey(value)) {
                            levels.putIfAbsent(style, levels.get(value));
                        }
                    }
                    case "outlineLvl" -> {
                        String outlined = style;
                        outline(value).ifPresent(level -> levels.putIfAbsent(outlined, level));
                    }
                    default -> {}
                }
            }
        }
        return new DocxStyles(levels);
    }

    private static void byName(String style, String name, Map<String, Integer> levels) {
        Matcher heading = HEADING.matcher(name);
        if (name.equals("title")) {
            levels.put(style, 0);
        } else if (heading.matches()) {
            levels.put(style, Integer.parseInt(heading.group(1)));
        }
    }

    /// The level that an outline level, counted from 0, stands for; none for body text.
    static OptionalInt outline(String value) {
        if (value.length() != 1 || !Character.isDigit(value.charAt(0)) || value.charAt(0) - '0' >= BODY_TEXT) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(value.charAt(0) - '0' + 1);
    }

    OptionalInt level(String style) {
        Integer level = levels.get(style);
        return level == null ? OptionalInt.empty() : OptionalInt.of(level);
    }
}
