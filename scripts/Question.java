import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/// A request with a mark that its answer, and no other, has in it.
///
/// @param talk whose turn it is; null when the provider is asked without Parley
record Question(Talk talk, boolean streamed, String mark, Buffer body) {

    static final String MARK_START = "[[";
    static final String MARK_END = "]]";

    private static final String USER = "{\"role\":\"user\",\"content\":\"What became of the order of last week, number %s?\"}";
    private static final String ASSISTANT = "{\"role\":\"assistant\",\"content\":\"Answer to %s\"}";

    /// A conversation.
    ///
    /// @param key of its tenant
    /// @param remembered how many messages a turn remembers
    record Talk(String key, String conversation, int remembered) {}

    static Question toParley(Talk talk, boolean streamed) {
        var mark = newMark();
        return new Question(talk, streamed, mark, Buffer.buffer("""
                {"model":"bench","stream":%s,"user":"ann","messages":[%s],"parley":{"conversation":"%s"}}\
                """.formatted(streamed, USER.formatted(mark), talk.conversation())));
    }

    /// The same as Parley asks it, history included.
    static Question toProvider(boolean streamed) {
        var mark = newMark();
        var exchange = USER.formatted(mark) + "," + ASSISTANT.formatted(mark) + ",";
        return new Question(null, streamed, mark, Buffer.buffer("""
                {"model":"bench","stream":%s,"max_tokens":512,"messages":[%s]}\
                """.formatted(streamed, exchange.repeat(BenchTenants.WINDOW / 2) + USER.formatted(mark))));
    }

    private static String newMark() {
        return MARK_START + UUID.randomUUID() + MARK_END;
    }

    /// A conversation that begins with a full window, as a request to make it.
    static String conversation() {
        var items = "{\"type\":\"message\"," + USER.formatted(newMark()).substring(1) + ",{\"type\":\"message\","
                + ASSISTANT.formatted(newMark()).substring(1);
        return "{\"items\":[" + (items + ",").repeat(BenchTenants.WINDOW / 2 - 1) + items + "]}";
    }
}
