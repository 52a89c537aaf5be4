package dev.parley.ingestion;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// DOCX files made for a test.
final class Docxs {

    private static final String NAMESPACE = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
            + " xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"";

    private static final String STYLES = """
            <w:styles %s>
              <w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
              <w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
              <w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="My own"/><w:basedOn w:val="berschrift1"/></w:style>
              <w:style w:type="paragraph" w:styleId="Outlined"><w:name w:val="X"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
            </w:styles>""".formatted(NAMESPACE);

    private Docxs() {}

    /// @param body what stands in `w:body`
    static byte[] of(String body) throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        files.put("[Content_Types].xml", bytes("<Types/>"));
        files.put("word/styles.xml", bytes(STYLES));
        files.put(
                "word/document.xml",
                bytes("<w:document %s><w:body>%s</w:body></w:document>".formatted(NAMESPACE, body)));
        return zip(files);
    }

    static byte[] zip(Map<String, byte[]> files) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        }
        return out.toByteArray();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
