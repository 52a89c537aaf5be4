package dev.parley.egress;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// How paths and queries are written in requests (RFC 3986, section 2), for those too that compare them.
public final class PercentEncoding {

    private static final String NEVER_ENCODED = "!#$&'()*+,/:;=?@[]-._~%";
    private static final Pattern ENCODED = Pattern.compile("%([0-9a-fA-F]{2})");

    private PercentEncoding() {}

    /// Letters of other scripts and spaces are encoded as browsers do; what is encoded stays as it is.
    public static String encode(String text) {
        if (text.chars().allMatch(PercentEncoding::stays)) {
            return text;
        }
        var encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (stays(c)) {
                encoded.append(c);
            } else {
                encoded.append('%').append("%02X".formatted((int) c));
            }
        }
        return encoded.toString();
    }

    /// The same for all that mean the same (RFC 3986, section 6.2.2): `%c3` is `%C3`, and `%61` is `a`.
    public static String normalize(String text) {
        String encoded = encode(text);
        return encoded.indexOf('%') < 0 ? encoded : ENCODED.matcher(encoded).replaceAll(PercentEncoding::normal);
    }

    private static String normal(MatchResult escape) {
        char c = (char) Integer.parseInt(escape.group(1), 16);
        boolean isUnreserved = isAlphanumeric(c) || "-._~".indexOf(c) >= 0;
        return isUnreserved ? String.valueOf(c) : escape.group().toUpperCase(Locale.ROOT);
    }

    private static boolean stays(int c) {
        return isAlphanumeric(c) || NEVER_ENCODED.indexOf(c) >= 0;
    }

    private static boolean isAlphanumeric(int c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
