package dev.parley.tool;

import static dev.parley.tool.RecordSchemaTest.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTemplateTest {

    private static String expand(String template, String arguments) {
        JsonNode values = json(arguments);
        return UrlTemplate.parse(template).expand(values::get);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "https://a.example/orders/{id}; {'id':'A 1/2'}; https://a.example/orders/A%201%2F2",
                "https://a.example/{a}-{b}; {'a':1,'b':true}; https://a.example/1-true",
                "https://a.example/x?q={q}; {'q':'a&b=c#d'}; https://a.example/x?q=a%26b%3Dc%23d",
                "https://a.example/x?q={q}; {}; https://a.example/x?q=",
                "https://a.example/x?q={q}; {'q':['a','b c']}; https://a.example/x?q=a,b%20c",
                "https://a.example/{id}; {'id':'ü{x}'}; https://a.example/%C3%BC%7Bx%7D",
                "https://a.example/{id}; {'id':'$1\\\\'}; https://a.example/%241%5C",
                "http://a.example:8080?x={x}; {'x':1}; http://a.example:8080/?x=1",
            })
    void argumentsAreEncodedWhereTheyStand(String template, String arguments, String url) {
        assertThat(expand(template, arguments)).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{scheme}://a.example/",
                "https://{host}/",
                "https://a.{tld}/",
                "https://a.example{suffix}/",
                "https://a.example:{port}/",
                "https://user@a.example/",
                "https://user:{password}@a.example/",
                "https://A.example/",
                "https://a.example\\@b.example/",
                "https://a.example/#{x}",
                "https://a.example/{x",
                "https://a.example/x}",
                "https://a.example/{x y}",
                "https://a.example/{{secret:x}}",
                "https://a.example/a/../b",
                "https://a.example/%2e%2e/b",
                "https://a.example/\n",
                "https://a.example/ü",
                "https://a.example:0/",
                "https://[::1]/",
                "//a.example/",
                "ftp://a.example/",
                "a.example",
                "",
            })
    void onlyPathAndQueryTakeArguments(String template) {
        assertThatThrownBy(() -> UrlTemplate.parse(template)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "", "a/../../admin", "..\\admin", "../x", "x/.."})
    void noArgumentLeavesItsPlaceInThePath(String value) {
        assertThatThrownBy(
                        () -> expand("https://a.example/orders/{id}", "{'id':'" + value.replace("\\", "\\\\") + "'}"))
                .isInstanceOf(ToolFailure.class);
    }

    @Test
    void dotsThatTwoArgumentsMakeTogetherAreSeen() {
        assertThatThrownBy(() -> expand("https://a.example/{a}{b}/x", "{'a':'.','b':'.'}"))
                .isInstanceOf(ToolFailure.class);
    }

    @Test
    void whoSeesASecretIsTheHostAndItsPort() {
        assertThat(UrlTemplate.parse("https://a.example/").authority()).isEqualTo("a.example");
        assertThat(UrlTemplate.parse("https://a.example:443/").authority()).isEqualTo("a.example");
        assertThat(UrlTemplate.parse("https://a.example:80/").authority()).isEqualTo("a.example:80");
        assertThat(UrlTemplate.parse("http://a.example/").authority()).isEqualTo("a.example");
        assertThat(UrlTemplate.parse("http://a.example:443/").authority()).isEqualTo("a.example:443");
    }

    @Test
    void aBodyIsPutTogetherAsATree() {
        JsonNode body = BodyTemplate.fill(
                json("{'order':{'id':'{id}','note':'{note}','fixed':'{id} is kept'},'all':['{id}','{missing}',1]}"),
                json("{'id':7,'note':'\\\",\\\"admin\\\":true'}"));

        assertThat(body)
                .isEqualTo(
                        json("{'order':{'id':7,'note':'\\\",\\\"admin\\\":true','fixed':'{id} is kept'},'all':[7,1]}"));
    }
}
