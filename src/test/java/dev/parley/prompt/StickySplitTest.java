package dev.parley.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// How buckets go to versions when a split changes.
class StickySplitTest {

    private static List<Share> split(List<Share> before, int... versionsAndSizes) {
        Map<Integer, Integer> sizes = new LinkedHashMap<>();
        for (int i = 0; i < versionsAndSizes.length; i += 2) {
            sizes.put(versionsAndSizes[i], versionsAndSizes[i + 1]);
        }
        return Split.of(sizes, before);
    }

    private static int owner(List<Share> shares, int bucket) {
        return shares.stream()
                .filter(share -> bucket >= share.first() && bucket < share.end())
                .findFirst()
                .orElseThrow()
                .version();
    }

    private static long moved(List<Share> before, List<Share> after) {
        return IntStream.range(0, Split.BUCKETS)
                .filter(bucket -> owner(before, bucket) != owner(after, bucket))
                .count();
    }

    private static int size(List<Share> shares, int version) {
        return shares.stream()
                .filter(share -> share.version() == version)
                .mapToInt(Share::size)
                .sum();
    }

    @Test
    void aNewSplitIsInOneRangeEach() {
        assertThat(split(List.of(), 1, 9000, 2, 1000))
                .containsExactly(new Share(1, 0, 9000), new Share(2, 9000, 10000));
    }

    @Test
    void aSideThatGrowsTakesOnlyTheDifference() {
        List<Share> before = split(List.of(), 1, 9000, 2, 1000);
        List<Share> after = split(before, 1, 5000, 2, 5000);

        assertThat(size(after, 2)).isEqualTo(5000);
        assertThat(moved(before, after)).isEqualTo(4000);
        assertThat(IntStream.range(9000, 10000)).allMatch(bucket -> owner(after, bucket) == 2);
    }

    @Test
    void ofManyOnlyThoseChangeThatHaveTo() {
        List<Share> before = split(List.of(), 1, 4000, 2, 3000, 3, 3000);
        List<Share> after = split(before, 1, 5000, 2, 3000, 3, 2000);

        assertThat(moved(before, after)).isEqualTo(1000);
        assertThat(IntStream.range(4000, 7000)).allMatch(bucket -> owner(after, bucket) == 2);
    }

    @Test
    void aVersionThatTakesAnothersPlaceTakesItsBuckets() {
        List<Share> before = split(List.of(), 1, 9000, 2, 1000);
        List<Share> after = split(before, 1, 9000, 3, 1000);

        assertThat(after).containsExactly(new Share(1, 0, 9000), new Share(3, 9000, 10000));
    }

    @Test
    void everyBucketHasExactlyOneVersionHoweverOftenASplitChanges() {
        List<Share> shares = split(List.of(), 1, 10000);
        for (int i = 0; i < 200; i++) {
            int part = i * 37 % 9000 + 1;
            shares = split(shares, i % 5 + 1, part, i % 5 + 2, 10000 - part);
            assertThat(shares.stream().mapToInt(Share::size).sum()).isEqualTo(Split.BUCKETS);
            assertThat(size(shares, i % 5 + 1)).isEqualTo(part);
            for (int next = 1; next < shares.size(); next++) {
                assertThat(shares.get(next).first())
                        .isEqualTo(shares.get(next - 1).end());
            }
        }
    }
}
