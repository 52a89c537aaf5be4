package dev.parley.prompt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a label points at, as the API shows it.
///
/// @param version null for a split
/// @param split null for a single version
/// @param sticky null for a single version
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record LabelTarget(
        @Nullable Integer version,
        @Nullable List<Part> split,
        @Nullable Sticky sticky,
        @JsonProperty("protected") boolean isProtected) {

    /// @param percent with two decimals at most
    @RegisterForReflection
    record Part(int version, BigDecimal percent) {

        static Part of(int version, int buckets) {
            BigDecimal percent = BigDecimal.valueOf(buckets, 2).stripTrailingZeros();
            return new Part(version, percent.scale() < 0 ? percent.setScale(0) : percent);
        }
    }

    static LabelTarget of(Label label) {
        Map<Integer, Integer> sizes = new TreeMap<>();
        label.shares().forEach(share -> sizes.merge(share.version(), share.size(), Integer::sum));
        if (sizes.size() == 1) {
            return new LabelTarget(sizes.keySet().iterator().next(), null, null, label.isProtected());
        }
        List<Part> parts = sizes.entrySet().stream()
                .map(size -> Part.of(size.getKey(), size.getValue()))
                .toList();
        return new LabelTarget(null, parts, label.sticky(), label.isProtected());
    }
}
