package dev.parley.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `./dev prompts eval`: exit codes that a pipeline can rely on.
@QuarkusTest
class PromptEvalIT {

    private final TestPrompts prompts = TestPrompts.create();
    private final ScriptedProvider.Script good = ScriptedProvider.script(Reply.text("{\"capital\": \"Paris\"}"));
    private final ScriptedProvider.Script bad = ScriptedProvider.script(Reply.text("It is Lyon."));

    @TempDir
    Path folder;

    @BeforeEach
    void goodInProduction() {
        String id = prompts.made("capital", "priced-alone", "Answer in JSON. " + good.marker());
        prompts.move(id, "production", "{'version': 1}").statusCode(200);
    }

    private PromptProgram eval(String... arguments) throws Exception {
        return PromptProgram.run(prompts.authorKey(), "eval", folder, arguments);
    }

    private Path cases(String... lines) throws IOException {
        Path file = folder.resolve("capital").resolve("cases.jsonl");
        Files.createDirectories(file.getParent());
        return Files.writeString(file, String.join("\n", lines).replace('\'', '"'));
    }

    private void usualCases() throws IOException {
        cases(
                "{'name': 'france', 'input': 'Capital of France?', 'expect': [{'contains': 'Paris'}, {'regex': 'P.ris'},"
                        + " {'not_contains': 'Lyon'}, {'max_cost_micros': 1000}, {'max_latency_ms': 60000}]}",
                "{'name': 'json', 'input': 'Capital of France?', 'expect': [{'json_schema': {'type': 'object',"
                        + " 'required': ['capital'], 'properties': {'capital': {'enum': ['Paris']}}}}]}",
                "{'name': 'easy', 'input': 'Anything?', 'expect': [{'regex': '.'}]}");
    }

    @Test
    void aPlantedRegressionFails() throws Exception {
        usualCases();
        prompts.version(
                "capital",
                "{'model': 'priced-alone', 'messages': [{'role': 'system', 'content': 'Answer. %s'}]}"
                        .formatted(bad.marker()));
        Path report = folder.resolve("report.json");

        PromptProgram run = eval("capital", "--json", report.toString());

        assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
        assertThat(run.output())
                .contains("version 2, beside version 1 (production)")
                .contains("| france | pass | FAIL (regression) | lacks 'Paris'")
                .contains("| json | pass | FAIL (regression) | is not JSON |", "| easy | pass | pass |  |")
                .contains("| Cases passed | 3 of 3 (100 %) | 1 of 3 (33 %) |")
                .contains("Regression: france, json");
        assertThat(Files.readString(report)).contains("\"passed\" : false", "\"cost_micros\" : 26");
    }

    @Test
    void whatIsAsGoodAsProductionPasses() throws Exception {
        usualCases();
        prompts.version(
                "capital",
                "{'model': 'priced-alone', 'messages': [{'role': 'system', 'content': 'Do answer. %s'}]}"
                        .formatted(good.marker()));

        PromptProgram run = eval("capital", "--min-pass", "1");

        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output()).contains("| Cost, micro-dollars | 78 | 78 |", "No regression.");
        assertThat(eval("capital", "--version", "production").exitCode()).isZero();
    }

    @Test
    void whatFailsInProductionTooIsNoRegressionButTooFewCasesAreAFailure() throws Exception {
        cases(
                "{'input': 'a', 'expect': [{'contains': 'Lyon'}]}",
                "{'input': 'a', 'expect': [{'cites_file': 'atlas.pdf'}]}");

        assertThat(eval("capital").exitCode()).isZero();
        PromptProgram run = eval("capital", "--min-pass", "0.5");
        assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
        assertThat(run.output()).contains("0 % of the cases pass", "does not cite atlas.pdf");
    }

    @Test
    void aModelJudges() throws Exception {
        var strict = ScriptedProvider.script(Reply.text("{\"score\": 0.4, \"reason\": \"So so.\"}"));
        cases(
                "{'input': 'a', 'expect': [{'judge': {'model': 'scripted-alone', 'criteria': 'Kind. %s', 'min_score': 0.4}}]}"
                        .formatted(strict.marker()));
        assertThat(eval("capital", "--min-pass", "1").exitCode()).isZero();

        cases(
                "{'input': 'a', 'expect': [{'judge': {'model': 'scripted-alone', 'criteria': 'Kind. %s', 'min_score': 0.5}}]}"
                        .formatted(strict.marker()));
        PromptProgram run = eval("capital", "--min-pass", "1");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("the judge gives 0.4");
        assertThat(strict.requests().getLast().body().toString()).contains("<answer>");
    }

    /// A check that checks nothing must not pass for one.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'expect': [{'contain': 'a'}]}",
                "{'expect': []}",
                "{'expects': [{'contains': 'a'}]}",
                "{'expect': [{'contains': 'a', 'regex': 'a'}]}",
                "{'expect': [{'regex': '('}]}",
                "{'expect': [{'json_schema': {'propertees': {}}}]}",
                "{'expect': [{'json_schema': {'type': 'objekt'}}]}",
                "{'expect': [{'judge': {'model': 'm'}}]}",
                "{"
            })
    void anAssertionThatMeansNothingIsRefused(String line) throws Exception {
        cases("{'input': 'a', 'expect': [{'regex': '.'}]}", line);

        PromptProgram run = eval("capital");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("cases.jsonl:2:").doesNotContain("| Case |");
    }
}
