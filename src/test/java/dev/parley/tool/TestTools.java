package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Tools that behave as tests need it. What has an effect is counted by what its argument `to` says.
@ApplicationScoped
public class TestTools implements ToolSource {

    public static final String ECHO = "test_echo";
    public static final String MEET = "test_meet";
    public static final String SLOW = "test_slow";
    public static final String FAILING = "test_failing";
    public static final String BROKEN = "test_broken";
    public static final String SEND = "test_send";
    public static final String REFUND = "test_refund";
    public static final String DOUBTFUL = "test_doubtful";
    public static final String CHECKED = "test_checked";
    public static final String SCOPED = "test_scoped";

    /// The effect ids that happened, by `to`.
    private static final Map<String, List<String>> EFFECTS = new ConcurrentHashMap<>();

    private static final CyclicBarrier MEETING = new CyclicBarrier(2);

    public static List<String> effects(String to) {
        return EFFECTS.getOrDefault(to, List.of());
    }

    private interface Work {
        String run(Invocation invocation) throws Exception;
    }

    private record Scripted(ToolInfo info, Work work, EffectCheck check) implements Tool {

        @Override
        public String call(Invocation invocation) {
            try {
                return work.run(invocation);
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        }

        @Override
        public EffectCheck check(Invocation invocation) {
            return check;
        }
    }

    private final Map<String, Tool> tools = List.of(
                    reading(ECHO, invocation -> "echo: " + text(invocation.arguments())),
                    reading(MEET, _ -> "met " + MEETING.await(5, TimeUnit.SECONDS)),
                    reading(SLOW, TestTools::sleep),
                    reading(FAILING, _ -> {
                        throw ToolFailure.withoutEffect("There is no such order.");
                    }),
                    reading(BROKEN, _ -> {
                        throw new IllegalStateException("secret internals");
                    }),
                    changing(SEND, false, EffectCheck.UNKNOWN, TestTools::happen),
                    changing(REFUND, true, EffectCheck.UNKNOWN, TestTools::happen),
                    changing(DOUBTFUL, false, EffectCheck.UNKNOWN, TestTools::happenUnheard),
                    changing(CHECKED, false, EffectCheck.happened("booked"), TestTools::happenUnheard),
                    new Scripted(
                            info(SCOPED, new ToolInfo.Traits(Set.of("tool:test"), false, false)),
                            _ -> "fine",
                            EffectCheck.UNKNOWN))
            .stream()
            .collect(Collectors.toMap(tool -> tool.info().name(), tool -> tool));

    private static String text(JsonNode arguments) {
        return arguments.path("text").asText();
    }

    private static String sleep(Invocation invocation) throws InterruptedException {
        Thread.sleep(invocation.arguments().path("ms").asLong());
        return "awake";
    }

    private static String happen(Invocation invocation) {
        EFFECTS.computeIfAbsent(invocation.arguments().path("to").asText(), _ -> new CopyOnWriteArrayList<>())
                .add(new CallId(invocation.effect()).toString());
        return "sent";
    }

    private static String happenUnheard(Invocation invocation) {
        happen(invocation);
        throw ToolFailure.inDoubt("The connection broke.");
    }

    private static Tool reading(String name, Work work) {
        return new Scripted(info(name, new ToolInfo.Traits(Set.of(), false, false)), work, EffectCheck.UNKNOWN);
    }

    private static Tool changing(String name, boolean approval, EffectCheck check, Work work) {
        return new Scripted(info(name, new ToolInfo.Traits(Set.of(), true, approval)), work, check);
    }

    private static ToolInfo info(String name, ToolInfo.Traits traits) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("text").put("type", "string");
        properties.putObject("to").put("type", "string");
        properties.putObject("ms").put("type", "integer");
        return new ToolInfo(name, "For tests: " + name, schema, traits, Duration.ofMillis(800), null);
    }

    @Override
    public List<Tool> all(TenantId tenant) {
        return List.copyOf(tools.values());
    }

    @Override
    public List<Tool> named(TenantId tenant, Set<String> names) {
        return tools.values().stream()
                .filter(tool -> names.contains(tool.info().name()))
                .toList();
    }
}
