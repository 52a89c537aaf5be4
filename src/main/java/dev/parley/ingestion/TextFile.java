package dev.parley.ingestion;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/// The text of a file that declares no encoding: a byte order mark tells it, else it is UTF-8 where it can be, else
/// Windows-1252, which every old Western text is or is close to.
final class TextFile {

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final int MAX_BYTES_PER_CHARACTER = 4;
    private static final int TOLERATED_JUNK = 4;
    private static final int TOLERATED_JUNK_PER_1000 = 10;

    private TextFile() {}

    /// @throws IngestionFailure when it is longer than that, or not text
    static String read(Upload upload, int maxCharacters) throws IOException {
        if (Files.size(upload.path()) > (long) maxCharacters * MAX_BYTES_PER_CHARACTER) {
            throw DocumentBuilder.tooLong(maxCharacters);
        }
        String text = decode(Files.readAllBytes(upload.path()));
        if (isJunk(text)) {
            throw IngestionFailure.unsupported(
                    "The file is not text, nor of any other supported format. Supported are Markdown, text, HTML, "
                            + "PDF, DOCX, CSV, JSON and JSONL; save text as UTF-8.");
        }
        return text;
    }

    static String decode(byte[] bytes) {
        if (startsWith(bytes, 0xef, 0xbb, 0xbf)) {
            return new String(bytes, 3, bytes.length - 3, StandardCharsets.UTF_8);
        }
        if (startsWith(bytes, 0xfe, 0xff) || startsWith(bytes, 0xff, 0xfe)) {
            return new String(bytes, StandardCharsets.UTF_16);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(bytes, WINDOWS_1252);
        }
    }

    private static boolean startsWith(byte[] bytes, int... prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /// A NUL is in no text; a few other stray characters are in many.
    private static boolean isJunk(String text) {
        int junk = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return true;
            }
            if (c == '\ufffd' || c < ' ' && "\t\n\r\f\b\u001b".indexOf(c) < 0) {
                junk++;
            }
        }
        return junk > TOLERATED_JUNK && junk * 1000L > (long) text.length() * TOLERATED_JUNK_PER_1000;
    }
}
