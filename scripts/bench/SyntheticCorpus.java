package dev.parley.knowledge;

import java.util.Random;
import java.util.StringJoiner;

/// Chunks and questions that are made up, the same in every run: text with the frequencies of words that language has,
/// and vectors that lie as those of an embedding model do.
///
/// Both follow topics. A vector is what all texts have in common, its topic, a place within some thirty directions that
/// all topics share, and a little noise in every direction: two of one topic have a cosine of about 0.75, two of
/// different ones 0.46. Words are drawn by Zipf's law as Mandelbrot has it (the first of 50,000 is in half of all
/// chunks), every third from the few dozen of the chunk's topic.
final class SyntheticCorpus {

    static final int DIMENSIONS = 384;

    private static final int TOPICS = 400;
    private static final int DIRECTIONS = 32;
    private static final int VOCABULARY = 50_000;
    private static final int WORDS_OF_A_TOPIC = 40;
    private static final int WORDS_OF_A_CHUNK = 120;
    private static final int WORDS_OF_A_QUESTION = 8;
    private static final String[] SYLLABLES = syllables();

    private final float[] common = direction(new Random(1));
    private final float[][] topics = directions(2, TOPICS);
    private final float[][] shared = directions(3, DIRECTIONS);
    private final double[] cumulated = new double[VOCABULARY];

    SyntheticCorpus() {
        double sum = 0;
        for (int rank = 0; rank < VOCABULARY; rank++) {
            sum += 1.0 / (rank + 20);
            cumulated[rank] = sum;
        }
    }

    record Passage(String text, float[] vector) {}

    Passage chunk(long number) {
        return passage(new Random(number), WORDS_OF_A_CHUNK, 0.3);
    }

    /// Of none of the chunks, but of their kind.
    Passage question(int number) {
        return passage(new Random(-1 - number), WORDS_OF_A_QUESTION, 0.5);
    }

    private Passage passage(Random random, int words, double topical) {
        int topic = random.nextInt(TOPICS);
        var text = new StringJoiner(" ");
        for (int i = 0; i < words; i++) {
            boolean isTopical = random.nextDouble() < topical;
            text.add(word(isTopical ? topicWord(topic, random) : frequentWord(random)));
        }
        return new Passage(text.toString(), vector(topic, random));
    }

    private float[] vector(int topic, Random random) {
        var vector = new float[DIMENSIONS];
        add(vector, common, 1);
        add(vector, topics[topic], 0.8);
        for (float[] direction : shared) {
            add(vector, direction, 0.12 * random.nextGaussian());
        }
        add(vector, direction(random), 0.3);
        return normalised(vector);
    }

    private int frequentWord(Random random) {
        int found = java.util.Arrays.binarySearch(cumulated, random.nextDouble() * cumulated[VOCABULARY - 1]);
        return found < 0 ? -found - 1 : found;
    }

    private static int topicWord(int topic, Random random) {
        double rank = WORDS_OF_A_TOPIC * random.nextDouble() * random.nextDouble();
        return Math.floorMod((topic * WORDS_OF_A_TOPIC + (int) rank) * 7919, VOCABULARY);
    }

    private static String word(int rank) {
        int base = SYLLABLES.length;
        return SYLLABLES[rank % base] + SYLLABLES[rank / base % base] + SYLLABLES[rank / base / base];
    }

    private static String[] syllables() {
        return "bdfgklmnprtvz".chars()
                .boxed()
                .flatMap(first -> "aiou".chars().mapToObj(second -> "" + (char) (int) first + (char) second))
                .toArray(String[]::new);
    }

    private static float[][] directions(long seed, int count) {
        var random = new Random(seed);
        var directions = new float[count][];
        java.util.Arrays.setAll(directions, _ -> direction(random));
        return directions;
    }

    private static float[] direction(Random random) {
        var vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return normalised(vector);
    }

    private static float[] normalised(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += value * value;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    private static void add(float[] sum, float[] vector, double weight) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += (float) (weight * vector[i]);
        }
    }
}
