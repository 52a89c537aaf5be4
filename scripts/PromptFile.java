import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A prompt as files in a folder of its name: `prompt.json` for all but its messages, and a text file for each message,
/// named by its role (`system.md`) and, where the order matters, by its place before that (`2-user.md`).
///
/// @param content what the version says, as the API takes it
/// @param labels where each is to point: a number, `"latest"` for this content, `{"split": …}`, or null to delete it
record PromptFile(String name, ObjectNode content, String note, JsonNode labels) {

    private static final String SETTINGS = "prompt.json";
    private static final Set<String> MEMBERS =
            Set.of("model", "settings", "variables", "tools", "knowledge", "labels", "note");
    private static final List<String> ROLES = List.of("system", "developer", "user", "assistant");
    private static final Pattern MESSAGE = Pattern.compile("(?:(\\d{1,3})-)?(system|developer|user|assistant)\\.md");
    private static final Set<String> OTHERS = Set.of("README.md", SETTINGS);

    /// Every folder with a `prompt.json`, in the order of their names.
    static List<PromptFile> all(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) throw new Http.Refused("no folder " + folder);
        try (var folders = Files.list(folder)) {
            return folders.filter(each -> Files.exists(each.resolve(SETTINGS)))
                    .sorted()
                    .map(PromptFile::read)
                    .toList();
        }
    }

    private static PromptFile read(Path folder) {
        try {
            var settings = settings(folder.resolve(SETTINGS));
            var labels = settings.path("labels");
            var note = settings.path("note").asText(null);
            settings.remove(List.of("labels", "note"));
            addMessages(folder, settings);
            return new PromptFile(folder.getFileName().toString(), settings, note, labels);
        } catch (JsonProcessingException e) {
            throw new Http.Refused("%s: %s".formatted(folder.resolve(SETTINGS), e.getOriginalMessage()));
        } catch (IOException e) {
            throw new Http.Refused("%s: %s".formatted(folder, e));
        }
    }

    private static ObjectNode settings(Path file) throws IOException {
        var tree = Http.JSON.reader()
                .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .readTree(Files.readString(file));
        if (!(tree instanceof ObjectNode settings)) throw new Http.Refused(file + ": expected a JSON object");
        settings.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) throw new Http.Refused("%s: unknown member '%s'".formatted(file, name));
        });
        return settings;
    }

    private record Message(int place, String role, Path file) {}

    private static void addMessages(Path folder, ObjectNode content) throws IOException {
        var messages = content.putArray("messages");
        for (var message : messages(folder)) {
            // Editors end a file with a line break, which is no part of the message.
            var text = Files.readString(message.file).replaceFirst("\\r?\\n\\z", "");
            messages.addObject().put("role", message.role).put("content", text);
        }
        if (messages.isEmpty()) throw new Http.Refused("%s: no message, such as system.md".formatted(folder));
    }

    private static List<Message> messages(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !OTHERS.contains(file.getFileName().toString()))
                    .map(PromptFile::message)
                    .sorted((a, b) -> a.place != b.place
                            ? Integer.compare(a.place, b.place)
                            : Integer.compare(ROLES.indexOf(a.role), ROLES.indexOf(b.role)))
                    .toList();
        }
    }

    private static Message message(Path file) {
        Matcher name = MESSAGE.matcher(file.getFileName().toString());
        if (!name.matches()) {
            throw new Http.Refused("%s: messages are named by their role, system.md or 2-user.md".formatted(file));
        }
        return new Message(name.group(1) == null ? 0 : Integer.parseInt(name.group(1)), name.group(2), file);
    }
}
