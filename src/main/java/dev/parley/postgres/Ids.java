package dev.parley.postgres;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.parley.problem.Problem;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Public ids: a prefix that names the type and a UUIDv7 in hexadecimal, so that ids sort by time.
public final class Ids {

    private static final int HEX_LENGTH = 32;

    private Ids() {}

    /// A new UUIDv7.
    public static UUID next() {
        return Generator.INSTANCE.generate();
    }

    public static String format(String prefix, UUID id) {
        return prefix
                + HexFormat.of().toHexDigits(id.getMostSignificantBits())
                + HexFormat.of().toHexDigits(id.getLeastSignificantBits());
    }

    /// Empty when the text is not an id with this prefix.
    public static Optional<UUID> parse(String prefix, String text) {
        if (text.length() != prefix.length() + HEX_LENGTH || !text.startsWith(prefix)) {
            return Optional.empty();
        }
        try {
            int start = prefix.length();
            return Optional.of(new UUID(
                    HexFormat.fromHexDigitsToLong(text, start, start + 16),
                    HexFormat.fromHexDigitsToLong(text, start + 16, start + HEX_LENGTH)));
        } catch (NumberFormatException notHexadecimal) {
            return Optional.empty();
        }
    }

    /// Where a page begins: after this id.
    ///
    /// @param after the query's; null for the beginning, as is what is returned then
    /// @param what for people: `a budget`
    /// @throws Problem (400) for what is no id with this prefix
    public static @Nullable UUID cursor(String prefix, @Nullable String after, String what) {
        return after == null
                ? null
                : parse(prefix, after)
                        .orElseThrow(() -> Problem.invalid("after", "'after' is not the id of %s.".formatted(what)));
    }

    /// Seeded on first use, never at image build time.
    private static final class Generator {
        static final TimeBasedEpochGenerator INSTANCE = Generators.timeBasedEpochGenerator();
    }
}
