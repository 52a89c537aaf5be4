package dev.parley.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.usage.RateStatus;
import dev.parley.usage.RateStatus.Side;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeadroomTest {

    private final Headroom headroom = new Headroom(0.25);

    @Test
    void aBatchGoesOnWhileEnoughIsLeftForOthers() {
        assertThat(headroom.pause(RateStatus.UNLIMITED)).isZero();
        assertThat(headroom.pause(new RateStatus(side(100, 25), side(1000, 900))))
                .isZero();
    }

    @Test
    void aBatchPausesUntilTheTighterLimitIsRefilledThatFar() {
        assertThat(headroom.pause(new RateStatus(side(100, 20), side(1000, 0)))).isEqualTo(Duration.ofSeconds(15));
    }

    private static Side side(long limit, long remaining) {
        return new Side(limit, remaining, Duration.ZERO);
    }
}
