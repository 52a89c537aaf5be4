package dev.parley.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parley.knowledge.Fusion.Weighted;
import java.util.List;
import org.junit.jupiter.api.Test;

class FusionTest {

    @Test
    void aChunkThatBothListBeatsOnesThatOneLists() {
        var dense = List.of(new Scored(1, 0.9), new Scored(2, 0.85), new Scored(3, 0.5));
        var lexical = List.of(new Scored(4, 0.4), new Scored(2, 0.39), new Scored(5, 0.1));

        var fused = Fusion.fuse(List.of(new Weighted(dense, 1), new Weighted(lexical, 1)), 2);

        assertThat(fused).extracting(Scored::chunk).containsExactly(2L, 1L, 4L, 3L, 5L);
        assertThat(fused).allSatisfy(scored -> assertThat(scored.score()).isBetween(0.0, 1.0));
    }

    @Test
    void weightsDecideBetweenRankings() {
        var dense = List.of(new Scored(1, 0.9), new Scored(2, 0.1));
        var lexical = List.of(new Scored(2, 0.9), new Scored(1, 0.1));

        var fused = Fusion.fuse(List.of(new Weighted(dense, 3), new Weighted(lexical, 1)), 4);

        assertThat(fused.getFirst()).isEqualTo(new Scored(1, 0.75));
        assertThat(fused.getLast().score()).isCloseTo(0.25, within(1e-9));
    }

    @Test
    void oneHitIsTheBestOfItsRanking() {
        var fused = Fusion.fuse(List.of(new Weighted(List.of(new Scored(7, 0.2)), 1), new Weighted(List.of(), 1)), 2);

        assertThat(fused).containsExactly(new Scored(7, 0.5));
    }

    @Test
    void rankingsOfOneKindKeepTheirScores() {
        var merged = Fusion.merge(List.of(List.of(new Scored(1, 0.3)), List.of(new Scored(2, 0.6))));

        assertThat(merged).containsExactly(new Scored(2, 0.6), new Scored(1, 0.3));
    }
}
