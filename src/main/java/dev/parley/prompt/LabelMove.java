package dev.parley.prompt;

import dev.parley.api.JsonField;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a label is to point.
///
/// @param sizes buckets by version
/// @param sticky null to leave it
/// @param isProtected null to leave it
/// @param note why
/// @param expectedRevision the prompt's as the author saw it; null for any
record LabelMove(
        Map<Integer, Integer> sizes,
        @Nullable Sticky sticky,
        @Nullable Boolean isProtected,
        @Nullable String note,
        @Nullable Long expectedRevision) {

    static final int MAX_NOTE = 2000;

    private static final int MAX_PARTS = 10;
    private static final int DECIMALS = 2;
    private static final Set<String> MEMBERS =
            Set.of("version", "split", "sticky", "protected", "note", "expected_revision");

    static LabelMove read(JsonField request) {
        request.allowOnly(MEMBERS);
        return new LabelMove(
                sizes(request),
                request.find("sticky")
                        .map(code -> Sticky.of(code.oneOf(Sticky.CODES)))
                        .orElse(null),
                request.find("protected").map(JsonField::bool).orElse(null),
                note(request),
                expectedRevision(request));
    }

    static @Nullable String note(JsonField request) {
        return request.find("note").map(note -> note.text(MAX_NOTE)).orElse(null);
    }

    static @Nullable Long expectedRevision(JsonField request) {
        return request.find("expected_revision")
                .map(revision -> revision.count(1, Long.MAX_VALUE))
                .orElse(null);
    }

    private static Map<Integer, Integer> sizes(JsonField request) {
        if (request.find("split").isEmpty()) {
            return Map.of(version(request), Split.BUCKETS);
        }
        JsonField split = request.get("split");
        if (request.find("version").isPresent()) {
            throw split.invalid("give either 'version' or 'split', not both.");
        }
        var sizes = new LinkedHashMap<Integer, Integer>();
        for (JsonField part : split.items(MAX_PARTS)) {
            part.allowOnly(Set.of("version", "percent"));
            if (sizes.put(version(part), buckets(part.get("percent"))) != null) {
                throw part.get("version").invalid("it stands here twice.");
            }
        }
        sizes.values().removeIf(size -> size == 0);
        if (sizes.values().stream().mapToInt(Integer::intValue).sum() != Split.BUCKETS) {
            throw split.invalid("the percentages must add up to 100.");
        }
        return sizes;
    }

    private static int version(JsonField part) {
        return part.get("version").integer(1, Integer.MAX_VALUE);
    }

    private static int buckets(JsonField percent) {
        percent.number(0, 100);
        BigDecimal exact = percent.value().decimalValue();
        if (exact.stripTrailingZeros().scale() > DECIMALS) {
            throw percent.invalid("expected two decimals at most.");
        }
        return exact.setScale(DECIMALS, RoundingMode.UNNECESSARY)
                .unscaledValue()
                .intValueExact();
    }
}
