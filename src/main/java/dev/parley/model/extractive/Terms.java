package dev.parley.model.extractive;

import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// The words of a text, in a form that lets a question meet its answer: without case, accents and common endings.
final class Terms {

    private static final Pattern WORD = Pattern.compile(
            "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}]|[\\p{L}\\p{N}&&[^\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}]]+");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern ENDING = Pattern.compile("(?<=\\p{L}{3})(?:ings?|ed|e?s|e)$");

    /// Short words mostly hold sentences together; those in capitals or with digits are names.
    private static final int SHORT = 3;

    private static final double LITTLE = 0.05;

    /// Longer words that questions are made of.
    private static final Set<String> FUNCTION_WORDS = Set.of(
            ("what when where which while with does doing have this that these those from your their they them then"
                            + " than there here will would should could about into been being were whom whose many much"
                            + " some such also only very just more most tell explain please")
                    .split(" "));

    private Terms() {}

    /// Each term with how much it says: little for function words.
    static Map<String, Double> weighted(String text) {
        var terms = new LinkedHashMap<String, Double>();
        WORD.matcher(text).results().forEach(found -> {
            String word = found.group();
            terms.merge(stem(word), weight(word), Math::max);
        });
        return terms;
    }

    /// How many words a text has.
    static int count(String text) {
        return (int) WORD.matcher(text).results().count();
    }

    private static double weight(String word) {
        boolean isIdeograph = word.length() == 1 && Character.isIdeographic(word.charAt(0));
        boolean isName = word.chars().anyMatch(Character::isDigit)
                || word.length() > 1 && word.chars().allMatch(Character::isUpperCase);
        if (isIdeograph || isName) {
            return 1;
        }
        boolean isFunctionWord = word.length() <= SHORT || FUNCTION_WORDS.contains(word.toLowerCase(Locale.ROOT));
        return isFunctionWord ? LITTLE : 1;
    }

    private static String stem(String word) {
        String plain = MARKS.matcher(Normalizer.normalize(word.toLowerCase(Locale.ROOT), Normalizer.Form.NFD))
                .replaceAll("");
        return ENDING.matcher(plain).replaceFirst("");
    }
}
