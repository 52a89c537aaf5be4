package dev.parley.usage;

import dev.parley.api.JsonField;
import dev.parley.problem.Problem;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The two sides of a limit, of which one may be open.
record Ceilings(@Nullable Long first, @Nullable Long second) {

    /// How they are called, and what they are at least.
    record Fields(String first, String second, long min) {

        /// Far above anything, and far below an overflow: a billion dollars in micro-dollars.
        private static final long MAX = 1_000_000_000_000_000L;

        Set<String> names() {
            return Set.of(first, second);
        }

        /// @throws Problem (400) when both are left open
        Ceilings read(JsonField request) {
            return change(request, new Ceilings(null, null));
        }

        /// What the request does not mention stays; what it sets to null is open from now on.
        Ceilings change(JsonField request, Ceilings old) {
            var changed = new Ceilings(change(request, first, old.first), change(request, second, old.second));
            if (changed.first == null && changed.second == null) {
                throw Problem.invalid(first, "Give '%s' or '%s' or both.".formatted(first, second));
            }
            return changed;
        }

        private @Nullable Long change(JsonField request, String name, @Nullable Long old) {
            if (!request.value().has(name)) {
                return old;
            }
            return request.find(name).map(field -> field.count(min, MAX)).orElse(null);
        }
    }
}
