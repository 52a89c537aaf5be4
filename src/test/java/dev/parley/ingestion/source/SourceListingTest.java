package dev.parley.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.aws.ObjectListing.Listed;
import dev.parley.aws.ObjectListing.Section;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SourceListingTest {

    @Test
    void aBucketGoesOnAfterTheLastKeyThatACheckpointCanKeep() {
        assertThat(SourceListing.last(section("a", "b"))).isEqualTo("b");
        assertThat(SourceListing.last(section("a", "b\0", "b\0\0"))).isEqualTo("a");
        assertThatThrownBy(() -> SourceListing.last(section("\0"))).isInstanceOf(SourceListing.Failure.class);
    }

    @Test
    void keysAreTextOfBoundedLength() {
        assertThat(DocumentKey.isPossible("ü".repeat(1024))).isTrue();
        assertThat(DocumentKey.isPossible("ü".repeat(1024) + "x")).isFalse();
        assertThat(DocumentKey.isPossible("a\0b")).isFalse();
    }

    private static Section section(String... keys) {
        List<Listed> objects =
                Stream.of(keys).map(key -> new Listed(key, 1, "etag")).toList();
        return new Section(objects, true);
    }
}
