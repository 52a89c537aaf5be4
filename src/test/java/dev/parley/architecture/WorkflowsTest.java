package dev.parley.architecture;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.error.YAMLException;

/// What CI may do, and with whose code.
class WorkflowsTest {

    private static final Pattern MANIFEST = Pattern.compile("package\\.json|Dockerfile.*|versions\\.tf");

    private static final String GOOD = """
            on: workflow_call
            permissions: {}
            jobs:
              build:
                runs-on: ubuntu-24.04
                timeout-minutes: 5
                permissions: {}
                steps:
                  - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
                    with: {persist-credentials: false}
                  - uses: aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c # v6.2.3
                  - id: name
                    run: echo
                    env: {NAME: "${{ steps.name.outputs.name }}"}
            """;

    @Test
    void noWorkflowBreaksARule() throws IOException {
        assertThat(Workflow.all()).isNotEmpty().allSatisfy(workflow -> assertThat(workflow.breaches())
                .as(workflow.name())
                .isEmpty());
    }

    @Test
    void anActionIsOneCommitEverywhere() throws IOException {
        var commits = Workflow.all().stream()
                .flatMap(Workflow::pins)
                .collect(groupingBy(pin -> pin.split("@")[0], mapping(pin -> pin.split("@")[1], toSet())));

        assertThat(commits).allSatisfy((action, pins) -> assertThat(pins).hasSize(1));
    }

    @Test
    void everyScriptIsShell() throws IOException {
        assertThat(Workflow.all().stream().flatMap(Workflow::scripts))
                .isNotEmpty()
                .allSatisfy(script -> assertThat(complaints(script)).as(script).isEmpty());
    }

    @Test
    void theOtherFilesForGitHubAreYaml() throws IOException {
        try (var files = Files.walk(Path.of(".github"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yml")).toList()) {
                assertThat(Workflow.of(file.toString(), Files.readString(file)).yaml())
                        .as(file.toString())
                        .isNotEmpty();
            }
        }
    }

    @Test
    void dependabotWatchesWhateverNamesVersions() throws IOException {
        var dependabot = Files.readString(Path.of(".github/dependabot.yml"));
        try (var files = Files.find(
                Path.of(""), 4, (file, _) -> MANIFEST.matcher(file.getFileName().toString())
                        .matches())) {
            assertThat(files.filter(WorkflowsTest::isOurs).map(Path::getParent).distinct())
                    .isNotEmpty()
                    .allMatch(folder -> dependabot.contains("/" + folder));
        }
    }

    @Test
    void aGoodWorkflowHasNoBreaches() {
        assertThat(Workflow.of("good", GOOD).breaches()).isEmpty();
    }

    @Test
    void plantedBreachesAreFound() {
        assertThat(breaches("@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7"))
                .contains("not pinned");
        assertThat(breaches(" # v7.0.1", "")).contains("not pinned");
        assertThat(breaches("\npermissions: {}", "")).contains("no permissions at the top");
        assertThat(breaches("    permissions: {}\n", "")).contains("build: no permissions");
        assertThat(breaches("    timeout-minutes: 5\n", "")).contains("build: no timeout-minutes");
        assertThat(breaches("persist-credentials: false", "")).contains("checkout leaves the token");
        assertThat(breaches("timeout-minutes: 5\n", "timeout-minutes: 61\n")).contains("longer than its credentials");
        assertThat(breaches("run: echo", "run: echo ${{ github.head_ref }}")).contains("inside a script");
        assertThat(breaches("steps.name.", "steps.nome.")).contains("no step nome");
        assertThat(breaches("steps.name.", "needs.name.")).contains("name not in needs");
        assertThat(breaches("    runs-on:", "    needs: test\n    runs-on:")).contains("no job test");
        assertThat(breaches("on: workflow_call", "on: push")).contains("no concurrency");
        assertThat(breaches("on: workflow_call", "on: [pull_request_target]")).contains("pull_request_target");
        assertThat(breaches("    steps:", "    uses: ./.github/workflows/none.yml\n    steps:"))
                .contains("no workflow .github/workflows/none.yml");
        assertThat(breaches(
                        "    steps:", "    uses: ./.github/workflows/native.yml\n    with: {flavour: jvm}\n    steps:"))
                .contains("has no input flavour");
    }

    @Test
    void aKeyThatIsThereTwiceIsNoYaml() {
        assertThatThrownBy(() -> Workflow.of("twice", GOOD + "permissions: {}\n"))
                .isInstanceOf(YAMLException.class)
                .hasMessageContaining("duplicate key");
    }

    private static boolean isOurs(Path file) {
        return !file.startsWith("target")
                && !file.startsWith(".dev")
                && !file.toString().contains("node_modules");
    }

    private static String breaches(String good, String bad) {
        assertThat(GOOD).contains(good);
        return String.join("\n", Workflow.of("planted", GOOD.replace(good, bad)).breaches());
    }

    private static String complaints(String script) throws IOException {
        var bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
        try (var in = bash.getOutputStream()) {
            in.write(script.getBytes(StandardCharsets.UTF_8));
        }
        return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
