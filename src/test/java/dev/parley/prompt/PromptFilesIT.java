package dev.parley.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.testing.Api;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Prompts as files: a plan, and what applying it does.
@QuarkusTest
class PromptFilesIT {

    private final TestPrompts prompts = TestPrompts.create();

    @TempDir
    Path folder;

    private PromptProgram run(String command, String... arguments) throws Exception {
        return PromptProgram.run(prompts.releaserKey(), command, folder, arguments);
    }

    private void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text.replace('\'', '"'));
    }

    private void greeting(String production) throws IOException {
        write(
                "greeting/prompt.json",
                "{'model': 'scripted', 'settings': {'temperature': 0.5}, 'variables': {'who': {}},"
                        + " 'note': 'From files.', 'labels': {'production': %s, 'old': null}}".formatted(production));
        write("greeting/system.md", "You greet.\nBe kind.\n");
        write("greeting/2-user.md", "Greet {{who}}.\n");
    }

    @Test
    void aPlanShowsExactlyWhatApplyingItDoesAndThenThereIsNothingLeft() throws Exception {
        greeting("'latest'");

        PromptProgram plan = run("plan", "--detailed-exitcode");
        assertThat(plan.exitCode()).as(plan.output()).isEqualTo(2);
        assertThat(plan.output())
                .contains("prompt greeting", "+ create it", "+ version 1: From files.", "+Be kind.", "+[user]")
                .contains("+ label production: version 1", "Plan: 1 to create, 1 versions, 1 labels.");
        prompts.author().get("/v1/prompts").then().body("data", empty());

        PromptProgram applied = run("apply");
        assertThat(applied.exitCode()).as(applied.output()).isZero();
        assertThat(applied.output()).isEqualTo(plan.output() + "Applied.\n");
        prompts.author()
                .get("/v1/prompts/greeting")
                .then()
                .body("latest_version", equalTo(1))
                .body("labels", aMapWithSize(1))
                .body("labels.production.version", equalTo(1));
        prompts.author()
                .get("/v1/prompts/greeting/versions/1")
                .then()
                .body("messages[0].content", equalTo("You greet.\nBe kind."))
                .body("messages[1].content", equalTo("Greet {{who}}."))
                .body("note", equalTo("From files."));

        PromptProgram again = run("plan", "--detailed-exitcode");
        assertThat(again.exitCode()).as(again.output()).isZero();
        assertThat(again.output()).contains("No changes");
    }

    @Test
    void aChangedFileIsANewVersionAndASplitStaysAsItIs() throws Exception {
        greeting("'latest'");
        assertThat(run("apply").exitCode()).isZero();
        greeting("{'split': [{'version': 1, 'percent': 90}, {'version': 'latest', 'percent': 10}], 'sticky': 'user'}");
        write("greeting/system.md", "You greet.\nBe brief.\n");

        PromptProgram plan = run("plan");
        assertThat(plan.exitCode()).isZero();
        assertThat(plan.output())
                .contains(" [system]\n", " You greet.\n", "-Be kind.\n", "+Be brief.\n", "+ version 2")
                .contains("~ label production: version 1 -> version 1 90 %, version 2 10 %")
                .doesNotContain("[user]", "create it");
        PromptProgram applied = run("apply");
        assertThat(applied.output()).isEqualTo(plan.output() + "Applied.\n");
        assertThat(run("plan").output()).contains("No changes");

        prompts.move("greeting", "old", "{'version': 1}").statusCode(200);
        assertThat(run("apply").output()).contains("- label old: version 1");
        assertThat(run("plan").output()).contains("No changes");
    }

    @Test
    void whatTheServerWouldRefuseIsRefusedByThePlan() throws Exception {
        greeting("'latest'");
        write("greeting/2-user.md", "Greet {{whom}}.");
        assertThat(run("plan")).satisfies(plan -> {
            assertThat(plan.exitCode()).isEqualTo(1);
            assertThat(plan.output()).contains("prompt 'greeting'", "{{whom}}");
        });

        greeting("'latest'");
        write("greeting/notes.md", "No message.");
        assertThat(run("plan").output()).contains("notes.md");
        Files.delete(folder.resolve("greeting/notes.md"));
        write("greeting/prompt.json", "{'modell': 'scripted'}");
        assertThat(run("plan").output()).contains("modell");
    }

    @Test
    void whoMayReadMayPlanButNotApply() throws Exception {
        greeting("'latest'");
        String reader = TestPrompts.key(prompts.tenant(), Map.of("scopes", List.of("chat")));

        assertThat(PromptProgram.run(reader, "plan", folder).exitCode()).isZero();
        assertThat(PromptProgram.run(reader, "apply", folder).exitCode()).isEqualTo(1);
        Api.as(reader).get("/v1/prompts").then().body("data", empty());
    }
}
