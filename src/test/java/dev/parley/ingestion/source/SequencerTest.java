package dev.parley.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SequencerTest {

    private final Sequencer heeded = new Sequencer("0055AED6DCD90281E5");

    @Test
    void theSameAndEarlierNumbersAreCovered() {
        assertThat(heeded.isCoveredBy(heeded)).isTrue();
        assertThat(new Sequencer("0055AED6DCD90281E4").isCoveredBy(heeded)).isTrue();
        assertThat(new Sequencer("55aed6dcd90281e5").isCoveredBy(heeded)).isTrue();
        assertThat(new Sequencer("FF").isCoveredBy(heeded)).isTrue();
    }

    @Test
    void laterNumbersAreNotHoweverLongTheyAre() {
        assertThat(new Sequencer("0055AED6DCD90281E6").isCoveredBy(heeded)).isFalse();
        assertThat(new Sequencer("10055AED6DCD90281E5").isCoveredBy(heeded)).isFalse();
        assertThat(heeded.isCoveredBy(new Sequencer("FF"))).isFalse();
    }

    @Test
    void withoutANumberThereIsNoSaying() {
        assertThat(new Sequencer("").isCoveredBy(heeded)).isFalse();
        assertThat(heeded.isCoveredBy(new Sequencer(""))).isFalse();
    }
}
