package dev.parley.ingestion;

import static dev.parley.ingestion.Parsing.assertInvalid;
import static dev.parley.ingestion.Parsing.bytes;
import static dev.parley.ingestion.Parsing.parse;
import static dev.parley.ingestion.Parsing.texts;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextParserTest {

    @Test
    void aListIsReadRecordByRecord() {
        assertThat(texts(parse("a.json", """
                [{"name": "Tea", "tags": ["hot", "black"], "from": {"land": "India"}, "none": null}, "plain", 7]""")))
                .containsExactly("name: Tea\ntags: hot\ntags: black\nfrom.land: India", "plain", "7");
    }

    @Test
    void anObjectIsReadMemberByMember() {
        assertThat(texts(parse("a.json", "{\"title\": \"Menu\", \"items\": [{\"id\": 1}, {\"id\": 2}]}")))
                .containsExactly("title: Menu", "items.id: 1", "items.id: 2");
    }

    @Test
    void linesAreReadOneByOne() {
        assertThat(texts(parse("a.jsonl", "{\"a\": 1}\n\n{\"a\": \"\\u0000x\"}\n")))
                .containsExactly("a: 1", "a: x");
    }

    @Test
    void malformedJsonSaysWhere() {
        assertInvalid("a.json", bytes("{\n\"a\": }"), "not valid JSON", "line 2");
        assertInvalid("a.jsonl", bytes("{}\n{\"a\"\n"), "Line 2");
        assertInvalid("a.jsonl", bytes("{} {}"), "Line 1");
    }

    @Test
    void absurdNestingFails() {
        assertInvalid("a.json", bytes("[".repeat(100_000)), "nested too deeply");
    }

    @Test
    void longNamesRepeatedOverManyValuesFailBeforeTheyFillTheMemory() {
        String name = "n".repeat(40_000);
        String values = "1,".repeat(20_000) + "1";
        assertInvalid(
                "a.json",
                bytes("{\"a\":{\"%s\":[%s]}}".formatted(name, values)),
                Map.of("parley.ingestion.max-characters", "100000"),
                "100,000 characters");
    }
}
