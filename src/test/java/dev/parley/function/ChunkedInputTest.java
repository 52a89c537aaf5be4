package dev.parley.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedInputTest {

    @Test
    void aReadNeverCrossesAChunk() throws IOException {
        ChunkedInput in = body("3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: x\r\n\r\nafter");
        byte[] buffer = new byte[10];

        assertThat(in.read(buffer)).isEqualTo(3);
        assertThat(in.read(buffer)).isEqualTo(2);
        assertThat(in.read(buffer)).isEqualTo(-1);
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new ChunkedOutput(bytes);
        out.write("hello".getBytes(), 5);
        out.write(new byte[0], 0);
        out.write(" you!".getBytes(), 4);
        out.end(List.of(new Header("Why", "test")));

        assertThat(bytes.toString(StandardCharsets.ISO_8859_1))
                .isEqualTo("5\r\nhello\r\n4\r\n you\r\n0\r\nWhy: test\r\n\r\n");
        assertThat(new String(body(bytes.toString()).readAllBytes())).isEqualTo("hello you");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5\r\nab", "2\r\nab\r\n", "2\r\nab\r\n0\r\n"})
    void aBodyWithoutItsLastChunkIsAFailureAndNoEnd(String cut) {
        assertThatThrownBy(() -> body(cut).readAllBytes()).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1\r\n", "x\r\n", "\r\n", "fffffffffffffffff\r\n", "1\r\nabc\r\n0\r\n\r\n"})
    void aMalformedChunkIsRefused(String malformed) {
        assertThatThrownBy(() -> body(malformed).readAllBytes()).isInstanceOf(IOException.class);
    }

    private static ChunkedInput body(String text) {
        return new ChunkedInput(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
