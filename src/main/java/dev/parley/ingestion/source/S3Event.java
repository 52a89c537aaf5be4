package dev.parley.ingestion.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.aws.ObjectName;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// That something happened to an object. What it is now, the bucket knows: an event may be late.
///
/// @param isRemoval whether it says that the object went, so that nothing is to be taken in
record S3Event(ObjectName object, boolean isRemoval) {

    private static final String CREATED = "ObjectCreated:";

    /// An expiry by the bucket's own rules is a removal too.
    private static final Set<String> HEEDED = Set.of(CREATED, "ObjectRemoved:", "LifecycleExpiration:");

    private static final String TEST = "s3:TestEvent";

    /// Whether a message's body is a notification of S3, or of a store that speaks as it does.
    static boolean isNotification(JsonNode body) {
        return isTest(body) || source(body.path("Records").path(0)).endsWith(":s3");
    }

    private static String source(JsonNode entry) {
        return entry.path("eventSource").asText();
    }

    /// What S3 sends when notifications are set up.
    private static boolean isTest(JsonNode body) {
        return TEST.equals(body.path("Event").asText());
    }

    /// The events that say an object came, changed or went; S3 tells more, if asked. What has a NUL in its name cannot
    /// be a document.
    ///
    /// @throws IllegalArgumentException when the notification cannot be read
    static List<S3Event> of(JsonNode body) {
        var events = new ArrayList<S3Event>();
        for (JsonNode entry : body.path("Records")) {
            String name = entry.path("eventName").asText();
            // With and without "s3:", as documents and messages have it.
            if (name.isEmpty() || HEEDED.stream().anyMatch(name::contains)) {
                events.add(event(entry));
            }
        }
        events.removeIf(event -> event.object.toString().indexOf('\0') >= 0);
        return events;
    }

    private static S3Event event(JsonNode entry) {
        JsonNode s3 = entry.path("s3");
        String bucket = s3.path("bucket").path("name").asText();
        String key = s3.path("object").path("key").asText();
        String name = entry.path("eventName").asText();
        if (bucket.isEmpty() || key.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("A notification of S3 without event, bucket or key");
        }
        // As a form's field is, so a blank is a plus.
        String decoded = URLDecoder.decode(key, StandardCharsets.UTF_8);
        return new S3Event(new ObjectName(bucket, decoded), !name.contains(CREATED));
    }
}
