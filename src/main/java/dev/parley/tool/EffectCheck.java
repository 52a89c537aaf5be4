package dev.parley.tool;

import org.jspecify.annotations.Nullable;

/// What a tool says about an effect whose answer was lost.
///
/// @param result what the call would have answered, where the effect happened; null if the tool does not tell
public record EffectCheck(Verdict verdict, @Nullable String result) {

    public static final EffectCheck UNKNOWN = new EffectCheck(Verdict.UNKNOWN, null);
    public static final EffectCheck NOT_HAPPENED = new EffectCheck(Verdict.NOT_HAPPENED, null);

    public static EffectCheck happened(@Nullable String result) {
        return new EffectCheck(Verdict.HAPPENED, result);
    }

    public enum Verdict {
        HAPPENED,
        NOT_HAPPENED,
        UNKNOWN
    }
}
