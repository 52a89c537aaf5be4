package dev.parley.ingestion.source;

/// S3's number of an event among those of one key, in hexadecimal and of any length.
///
/// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
record Sequencer(String hex) {

    /// Whether an event with this number tells nothing new where the other was heeded. One without a number always may.
    boolean isCoveredBy(Sequencer heeded) {
        if (hex.isEmpty() || heeded.hex.isEmpty()) {
            return false;
        }
        int length = Math.max(hex.length(), heeded.hex.length());
        return padded(length).compareToIgnoreCase(heeded.padded(length)) <= 0;
    }

    private String padded(int length) {
        return "0".repeat(length - hex.length()) + hex;
    }
}
