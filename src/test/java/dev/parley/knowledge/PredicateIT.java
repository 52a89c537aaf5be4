package dev.parley.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.knowledge.Filter.And;
import dev.parley.knowledge.Filter.Comparison;
import dev.parley.knowledge.Filter.Operator;
import dev.parley.knowledge.Filter.Or;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(KnowledgeProfile.class)
class PredicateIT {

    private static final List<String> HOSTILE = List.of(
            "a",
            "A",
            "ä",
            "'",
            "\"",
            "''; DROP TABLE files; --",
            "$1",
            "?",
            "??",
            ":x",
            "\\",
            "{}",
            "[1]",
            "a.b",
            "%s",
            "\n");

    private final Transactions transactions;
    private final Json json;
    private final Corpus corpus = Corpus.ofNewTenant();

    PredicateIT(Transactions transactions, Json json) {
        this.transactions = transactions;
        this.json = json;
    }

    @Test
    void comparesByTypeAndValue() {
        Map<String, Object> file = Map.of("n", 5, "s", "b", "t", true);

        assertThat(matches(compare("n", Operator.EQ, 5.0), file)).isTrue();
        assertThat(matches(compare("n", Operator.EQ, "5"), file)).isFalse();
        assertThat(matches(compare("n", Operator.GT, 4.5), file)).isTrue();
        assertThat(matches(compare("n", Operator.GT, 5.0), file)).isFalse();
        assertThat(matches(compare("n", Operator.GTE, 5.0), file)).isTrue();
        assertThat(matches(compare("n", Operator.LT, "a"), file)).isFalse();
        assertThat(matches(compare("s", Operator.LT, "c"), file)).isTrue();
        assertThat(matches(compare("s", Operator.LTE, "a"), file)).isFalse();
        assertThat(matches(compare("t", Operator.EQ, true), file)).isTrue();
        assertThat(matches(compare("t", Operator.NE, true), file)).isFalse();
        assertThat(matches(compare("n", Operator.IN, List.of("x", 5.0)), file)).isTrue();
        assertThat(matches(compare("n", Operator.NIN, List.of("x", 5.0)), file)).isFalse();
        assertThat(matches(compare("n", Operator.IN, List.of()), file)).isFalse();
    }

    @Test
    void aMissingKeyMatchesOnlyNeAndNin() {
        for (Operator operator : Operator.values()) {
            Object value = operator == Operator.IN || operator == Operator.NIN ? List.of("x") : "x";

            assertThat(matches(compare("missing", operator, value), Map.of("s", "x")))
                    .as(operator.name())
                    .isEqualTo(operator == Operator.NE || operator == Operator.NIN);
        }
    }

    /// Whatever keys and values are made of, the database agrees with the obvious evaluation in memory.
    @Test
    void hostileKeysAndValuesAreOnlyCompared() {
        var random = new Random(42);
        for (int i = 0; i < 300; i++) {
            Filter filter = filter(random, 3);
            Map<String, Object> file = Map.of(hostile(random), hostile(random), "n", random.nextInt(3));

            assertThat(matches(filter, file)).as("%s on %s", filter, file).isEqualTo(holds(filter, file));
        }
    }

    private Filter filter(Random random, int depth) {
        if (depth > 0 && random.nextInt(3) == 0) {
            var parts = new ArrayList<Filter>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                parts.add(filter(random, depth - 1));
            }
            return random.nextBoolean() ? new And(parts) : new Or(parts);
        }
        return switch (random.nextInt(5)) {
            case 0 -> compare(hostile(random), Operator.EQ, hostile(random));
            case 1 -> compare(hostile(random), Operator.NE, hostile(random));
            case 2 -> compare(hostile(random), Operator.IN, List.of(hostile(random), hostile(random)));
            case 3 -> compare(hostile(random), Operator.NIN, List.of(hostile(random), hostile(random)));
            default -> compare("n", Operator.GTE, (double) random.nextInt(3));
        };
    }

    private static String hostile(Random random) {
        return HOSTILE.get(random.nextInt(HOSTILE.size()));
    }

    private static boolean holds(Filter filter, Map<String, Object> file) {
        return switch (filter) {
            case And(List<Filter> parts) -> parts.stream().allMatch(part -> holds(part, file));
            case Or(List<Filter> parts) -> parts.stream().anyMatch(part -> holds(part, file));
            case Comparison(String key, Operator operator, Object value) -> {
                Object actual = file.get(key);
                yield switch (operator) {
                    case EQ -> value.equals(actual);
                    case NE -> !value.equals(actual);
                    case IN -> actual != null && ((List<?>) value).contains(actual);
                    case NIN -> actual == null || !((List<?>) value).contains(actual);
                    case GTE -> actual instanceof Integer number && number >= (double) value;
                    case GT, LT, LTE -> throw new IllegalArgumentException();
                };
            }
        };
    }

    private boolean matches(Filter filter, Map<String, Object> attributes) {
        Predicate predicate = Predicate.of(filter, json);
        @Nullable
        Object[] args =
                AttachmentId.args(json.write(attributes), predicate.args().toArray());
        return transactions.inTenant(corpus.tenant, connection -> Sql.first(
                        connection,
                        "SELECT 1 FROM (SELECT ?::jsonb AS attributes) a WHERE " + predicate.sql(),
                        _ -> true,
                        args)
                .orElse(false));
    }

    private static Filter compare(String key, Operator operator, Object value) {
        return new Comparison(key, operator, value);
    }
}
