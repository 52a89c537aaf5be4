package dev.parley.chat.request;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.ImageContent.DetailLevel;
import dev.parley.api.JsonField;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads an image of a message: its data, or an address from which the model's provider fetches it. Nothing is fetched
/// here.
public final class ImageReader {

    private static final Pattern DATA =
            Pattern.compile("data:(image/(?:png|jpeg|gif|webp));base64,(.*)", Pattern.DOTALL);
    private static final int MAX_URL = 8192;

    private final int maxLength;

    /// @param maxLength of the data, in characters of base64
    public ImageReader(int maxLength) {
        this.maxLength = maxLength;
    }

    /// @param url an `https` one, or `data:image/…;base64,…`
    /// @param detail `auto`, `low` or `high`, for models that know it
    public ImageContent read(JsonField url, Optional<JsonField> detail) {
        DetailLevel level = detail.map(ImageReader::level).orElse(DetailLevel.AUTO);
        String text = url.text(maxLength);
        Matcher data = DATA.matcher(text);
        if (data.matches()) {
            return ImageContent.from(checked(url, data.group(2)), data.group(1), level);
        }
        if (text.startsWith("data:")) {
            throw url.invalid("images are PNG, JPEG, GIF or WebP, as 'data:image/png;base64,…'.");
        }
        return ImageContent.from(address(url), level);
    }

    private static String checked(JsonField url, String base64) {
        try {
            if (Base64.getDecoder().decode(base64).length == 0) {
                throw url.invalid("the image is empty.");
            }
            return base64;
        } catch (IllegalArgumentException notBase64) {
            throw url.invalid("the image's data is not base64.");
        }
    }

    private static URI address(JsonField url) {
        try {
            var address = new URI(url.text(MAX_URL));
            if ("https".equalsIgnoreCase(address.getScheme()) && address.getHost() != null) {
                return address;
            }
        } catch (URISyntaxException notAnAddress) {
            // Told below.
        }
        throw url.invalid("expected an https URL or the image itself, as 'data:image/png;base64,…'.");
    }

    private static DetailLevel level(JsonField detail) {
        return switch (detail.oneOf(Set.of("auto", "low", "high"))) {
            case "low" -> DetailLevel.LOW;
            case "high" -> DetailLevel.HIGH;
            default -> DetailLevel.AUTO;
        };
    }
}
