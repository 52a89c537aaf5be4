package dev.parley.aws;

/// An object in S3, by its bucket and its key.
public record ObjectName(String bucket, String key) {

    private static final String SCHEME = "s3://";

    /// @throws IllegalArgumentException when the text is not what [#toString] writes
    public static ObjectName parse(String text) {
        int slash = text.indexOf('/', SCHEME.length());
        if (!text.startsWith(SCHEME) || slash < 0) {
            throw new IllegalArgumentException("Not an object's name: " + text);
        }
        return new ObjectName(text.substring(SCHEME.length(), slash), text.substring(slash + 1));
    }

    @Override
    public String toString() {
        return SCHEME + bucket + "/" + key;
    }
}
