package dev.parley.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.knowledge.Filter.And;
import dev.parley.knowledge.Filter.Comparison;
import dev.parley.knowledge.Filter.Operator;
import dev.parley.knowledge.Filter.Or;
import dev.parley.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterParserTest {

    @Test
    void readsComparisonsAndCompounds() throws JsonProcessingException {
        Filter filter = parse("""
                {"type":"and","filters":[
                  {"type":"eq","key":"lang","value":"en"},
                  {"type":"or","filters":[{"type":"gte","key":"year","value":2020},
                                          {"type":"in","key":"tag","value":["a",1,true]}]}]}""");

        assertThat(filter)
                .isEqualTo(new And(List.of(
                        new Comparison("lang", Operator.EQ, "en"),
                        new Or(List.of(
                                new Comparison("year", Operator.GTE, 2020.0),
                                new Comparison("tag", Operator.IN, List.of("a", 1.0, true)))))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                        | filters.type",
                "{\"type\":\"like\",\"key\":\"a\",\"value\":\"b\"}         | filters.type",
                "{\"type\":\"eq\",\"value\":\"b\"}                         | filters.key",
                "{\"type\":\"eq\",\"key\":\"a\"}                           | filters.value",
                "{\"type\":\"eq\",\"key\":\"a\",\"value\":[1]}             | filters.value",
                "{\"type\":\"gt\",\"key\":\"a\",\"value\":true}            | filters.value",
                "{\"type\":\"in\",\"key\":\"a\",\"value\":1}               | filters.value",
                "{\"type\":\"in\",\"key\":\"a\",\"value\":[{}]}            | filters.value[0]",
                "{\"type\":\"and\",\"filters\":[]}                         | filters.filters",
                "{\"type\":\"or\",\"filters\":[{\"type\":\"eq\"}]}         | filters.filters[0].key",
            })
    void namesThePartThatIsWrong(String json, String param) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.param()).isEqualTo(param));
    }

    @Test
    void doesNotFollowFiltersWithoutEnd() {
        String deep = "{\"type\":\"and\",\"filters\":[".repeat(6) + "{\"type\":\"eq\",\"key\":\"a\",\"value\":1}"
                + "]}".repeat(6);

        assertThatThrownBy(() -> parse(deep)).hasMessageContaining("5 deep");
    }

    private static Filter parse(String json) throws JsonProcessingException {
        return FilterParser.parse(new ObjectMapper().readTree(json), "filters");
    }
}
