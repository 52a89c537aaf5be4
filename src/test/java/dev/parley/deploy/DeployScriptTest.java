package dev.parley.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./dev deploy` and `./dev rollback` against a cloud that is played: what they do, in which order, and what they
/// leave behind when a step fails.
class DeployScriptTest {

    private static final List<String> UP_TO_APPLY = List.of("aws s3 cp", "terraform plan", "terraform apply");

    @TempDir
    Path folder;

    private Cloud cloud;

    @BeforeEach
    void makeCloud() throws Exception {
        assumeTrue(installed("jq") && installed("unzip"), "deploying needs jq and unzip");
        cloud = Cloud.in(folder);
    }

    @Test
    void deploysStepByStep() throws Exception {
        var run = cloud.deploy();

        assertThat(run.status()).as(run.output()).isZero();
        assertThat(cloud.steps())
                .containsExactly(
                        "aws s3 cp",
                        "terraform plan",
                        "terraform apply",
                        "aws lambda invoke migrate",
                        "aws lambda invoke chat",
                        "aws lambda invoke worker",
                        "aws deploy create-deployment chat",
                        "aws deploy create-deployment worker",
                        "curl",
                        "curl",
                        "curl");
        assertThat(cloud.live("chat")).isEqualTo("8");
        assertThat(run.output())
                .contains("schema is at version 20")
                .contains("runs release zip-")
                .doesNotContain("stopped");
        assertThat(cloud.read("revision-chat.json"))
                .contains("version\\\":\\\"0.0\\\"")
                .contains("CurrentVersion\\\":\\\"7")
                .contains("TargetVersion\\\":\\\"8")
                .contains("parley-dev-chat");
    }

    @Test
    void uploadsToWhereTheEnvironmentIsAndNotItsModels() throws Exception {
        cloud.deploy();

        assertThat(cloud.calls()).contains("-eu-central-1/releases/").doesNotContain("us-east-1");
    }

    @Test
    void appliesOnlyThePlanThatWasShown() throws Exception {
        cloud.deploy();

        var plan = folder.resolve("checkout/.dev/deploy/dev/plan");
        assertThat(cloud.calls())
                .contains("-out=" + plan)
                .contains("apply -input=false " + plan)
                .contains("-var-file=environments/dev.tfvars");
        assertThat(plan).doesNotExist();
    }

    @Test
    void asksAndTakesNoForAnAnswer() throws Exception {
        var run = cloud.dev("n\n", "deploy", "dev", "--zip", cloud.archive().toString());

        assertThat(run.status()).isEqualTo(1);
        assertThat(cloud.steps()).containsExactly("aws s3 cp", "terraform plan");
        assertThat(run.output()).contains("[y/N]").contains("not confirmed").contains("Nothing has changed in dev.");
    }

    @Test
    void silenceIsNoConsent() throws Exception {
        var run = cloud.dev("", "deploy", "dev", "--zip", cloud.archive().toString());

        assertThat(run.status()).isEqualTo(1);
        assertThat(cloud.steps()).doesNotContain("terraform apply");
    }

    @Test
    void aYesGoesOn() throws Exception {
        var run = cloud.dev("y\n", "deploy", "dev", "--zip", cloud.archive().toString());

        assertThat(run.status()).as(run.output()).isZero();
    }

    @Test
    void aPlanThatFailsChangesNothing() throws Exception {
        cloud.fail("plan");

        assertStops("could not plan", "Nothing has changed in dev.");
        assertThat(cloud.steps()).containsExactly("aws s3 cp", "terraform plan");
    }

    @Test
    void anApplyThatFailsLeavesTheTrafficAlone() throws Exception {
        cloud.fail("apply");

        assertStops("could not apply", "traffic stays where it was");
        assertThat(cloud.steps()).containsExactlyElementsOf(UP_TO_APPLY);
    }

    @Test
    void aMigrationThatFailsKeepsTheNewVersionsFromTraffic() throws Exception {
        cloud.fail("invoke-migrate");

        var output = assertStops("could not be migrated", "running version goes on");
        assertThat(output).contains("no such table");
        assertThat(cloud.steps()).endsWith("terraform apply", "aws lambda invoke migrate");
        assertThat(cloud.live("chat")).isEqualTo("7");
    }

    @Test
    void aMigrationWhoseConnectionIsCutIsAskedAgainUntilItHasEnded() throws Exception {
        cloud.fail("cut-migrate");

        var run = cloud.deploy();

        assertThat(run.status()).as(run.output()).isZero();
        assertThat(run.output()).contains("asking again").contains("schema is at version 20");
        assertThat(cloud.steps())
                .containsSubsequence(
                        "aws lambda invoke migrate",
                        "aws lambda invoke migrate",
                        "aws lambda invoke migrate",
                        "aws lambda invoke chat");
    }

    @Test
    void aMigrationThatNeverAnswersIsNotSaidToBeUndone() throws Exception {
        cloud.fail("mute-migrate");

        var output = assertStops("could not be migrated", "Nobody knows how far the migration came");
        assertThat(output).contains("Read timeout").doesNotContain("undone");
        assertThat(cloud.live("chat")).isEqualTo("7");
    }

    @Test
    void aMigrationThatMayNotStartIsNotAskedAgain() throws Exception {
        cloud.fail("refuse-migrate");

        var output = assertStops("could not be migrated", "the database is not migrated yet");
        assertThat(output).contains("AccessDeniedException").doesNotContain("undone");
        assertThat(cloud.steps()).containsOnlyOnce("aws lambda invoke migrate");
    }

    @Test
    void aNewVersionThatDoesNotAnswerGetsNoTraffic() throws Exception {
        cloud.fail("answer-chat");

        var output = assertStops("version 8 of chat does not answer", "new versions have no traffic");
        assertThat(output).contains("DOWN");
        assertThat(cloud.steps()).endsWith("aws lambda invoke chat");
    }

    @Test
    void aFunctionThatOnlyEventsReachIsAskedToo() throws Exception {
        cloud.fail("answer-worker");

        assertStops("version 8 of worker does not answer", "new versions have no traffic");
    }

    @Test
    void aNewVersionThatFailsToStartGetsNoTraffic() throws Exception {
        cloud.fail("invoke-worker");

        assertStops("version 8 of worker does not answer", "new versions have no traffic");
    }

    @Test
    void aCanaryThatFailsTakesTheOtherFunctionsBack() throws Exception {
        cloud.fail("canary-worker");

        assertStops("traffic of worker could not be moved", "All traffic is at the versions before");
        assertThat(cloud.live("chat")).isEqualTo("7");
        assertThat(cloud.live("worker")).isEqualTo("7");
        assertThat(cloud.steps()).doesNotContain("curl");
    }

    @Test
    void aDeploymentThatCannotStartTakesTheOthersBack() throws Exception {
        cloud.fail("create-worker");

        assertStops("traffic of worker could not be moved", "All traffic is at the versions before");
        assertThat(cloud.steps()).contains("aws deploy stop-deployment chat");
        assertThat(cloud.live("chat")).isEqualTo("7");
    }

    @Test
    void anAddressThatDoesNotAnswerIsAReasonToRollBack() throws Exception {
        cloud.fail("url");

        assertStops("https://api.test/dev does not answer", "./dev rollback dev");
        assertThat(cloud.live("chat")).isEqualTo("8");
    }

    @Test
    void aSecondRunGoesOnWhereTheFirstStopped() throws Exception {
        cloud.fail("invoke-migrate");
        cloud.deploy();
        cloud.heal("invoke-migrate");
        cloud.applied();
        cloud.forgetCalls();

        var run = cloud.deploy();

        assertThat(run.status()).as(run.output()).isZero();
        assertThat(cloud.steps()).doesNotContain("aws s3 cp", "terraform apply").contains("aws lambda invoke migrate");
        assertThat(cloud.live("worker")).isEqualTo("8");
    }

    @Test
    void aThirdRunMovesNothing() throws Exception {
        cloud.deploy();
        cloud.applied();
        cloud.forgetCalls();

        assertThat(cloud.deploy().status()).isZero();
        assertThat(cloud.calls()).doesNotContain("create-deployment");
    }

    @Test
    void doesNotStartBesideAnotherDeployment() throws Exception {
        cloud.remember("d-1", "worker", "InProgress", "parley 1.0.0 20260101T000000Z 6 -> 7");

        assertStops("a deployment of worker is under way (d-1, release 1.0.0)", "");
        assertThat(cloud.steps()).isEmpty();
    }

    @Test
    void doesNotStartWhileCodeDeployTakesTrafficBack() throws Exception {
        cloud.rememberTakingBack("d-back", "worker");

        assertStops(
                "still moving traffic of worker, back or for somebody else (d-back)", "Nothing has changed in dev.");
        assertThat(cloud.steps()).isEmpty();
    }

    @Test
    void aMachineThatCannotBuildTheFunctionsIsToldBeforeItBuilds() throws Exception {
        var run = cloud.dev("", "deploy", "dev", "--yes");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output())
                .contains("would be for x86_64")
                .contains("--release v1.2.3")
                .doesNotContain("building");
        assertThat(cloud.steps()).isEmpty();
    }

    @Test
    void theFirstDeploymentOfAnEnvironmentHasNothingToMove() throws Exception {
        Files.writeString(folder.resolve("cloud/outputs.json"), "{}");
        cloud.moveTo("chat", 8);
        cloud.moveTo("worker", 8);

        var run = cloud.deploy();

        assertThat(run.status()).as(run.output()).isZero();
        assertThat(cloud.steps()).contains("aws lambda invoke migrate").doesNotContain("aws deploy create-deployment");
    }

    @Test
    void aReleaseIsTakenOnlyIfItsWorkflowBuiltIt() throws Exception {
        var good = cloud.dev("", "deploy", "dev", "--release", "v1.2.3", "--yes");
        assertThat(good.status()).as(good.output()).isZero();
        assertThat(cloud.calls())
                .contains("--pattern parley-1.2.3-function-arm64.zip")
                .contains("--signer-workflow parley/parley/.github/workflows/release.yml --source-ref refs/tags/v1.2.3")
                .contains("releases/1.2.3/function.zip")
                .contains("-var=release=1.2.3");
        cloud.forgetCalls();
        cloud.fail("attestation");

        var bad = cloud.dev("", "deploy", "dev", "--release", "v1.2.3", "--yes");

        assertThat(bad.status()).isEqualTo(1);
        assertThat(bad.output()).contains("was not built by the release workflow");
        assertThat(cloud.steps()).isEmpty();
    }

    @Test
    void rollsBackToTheVersionsBefore() throws Exception {
        cloud.deploy();
        cloud.forgetCalls();

        var run = cloud.dev("y\n", "rollback", "dev");

        assertThat(run.status()).as(run.output()).isZero();
        assertThat(run.output())
                .contains("chat: from version 8 back to 7 (all at once)")
                .contains("schema stays");
        assertThat(cloud.steps())
                .startsWith("aws lambda update-alias chat", "aws lambda update-alias worker")
                .doesNotContain("terraform apply", "aws lambda invoke migrate");
        assertThat(cloud.live("chat")).isEqualTo("7");
        assertThat(cloud.live("worker")).isEqualTo("7");
    }

    @Test
    void rollingBackAsksFirst() throws Exception {
        cloud.deploy();

        var run = cloud.dev("n\n", "rollback", "dev");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("Nothing has changed in dev.");
        assertThat(cloud.live("chat")).isEqualTo("8");
    }

    @Test
    void rollingBackTwiceGoesBackTwice() throws Exception {
        cloud.remember("d-old", "chat", "Succeeded", "parley 1.0.0 20260101T000000Z 6 -> 7");
        cloud.remember("d-older", "chat", "Succeeded", "parley 0.9.0 20250101T000000Z 5 -> 6");
        cloud.deploy();

        cloud.dev("", "rollback", "dev", "--yes");
        var run = cloud.dev("", "rollback", "dev", "--yes");

        assertThat(run.output()).contains("from release 1.0.0");
        assertThat(cloud.live("chat")).isEqualTo("6");
        assertThat(cloud.live("worker")).isEqualTo("7");
    }

    @Test
    void rollingBackStopsADeploymentThatIsUnderWay() throws Exception {
        cloud.remember("d-chat", "chat", "InProgress", "parley 2.0.0 20260202T000000Z 7 -> 8");
        cloud.remember("d-worker", "worker", "Succeeded", "parley 2.0.0 20260202T000000Z 7 -> 8");
        cloud.moveTo("worker", 8);

        var run = cloud.dev("", "rollback", "dev", "--yes");

        assertThat(run.status()).as(run.output()).isZero();
        assertThat(run.output()).contains("stops the deployment that is under way");
        assertThat(cloud.steps()).startsWith("aws deploy stop-deployment chat");
        assertThat(cloud.live("chat")).isEqualTo("7");
        assertThat(cloud.live("worker")).isEqualTo("7");
    }

    @Test
    void aFunctionThatTheLastDeploymentDidNotReachIsNotTakenBackFurther() throws Exception {
        cloud.remember("d-worker", "worker", "Succeeded", "parley 1.0.0 20260101T000000Z 6 -> 7");
        cloud.remember("d-chat", "chat", "InProgress", "parley 2.0.0 20260202T000000Z 7 -> 8");

        cloud.dev("", "rollback", "dev", "--yes");

        assertThat(cloud.live("worker")).isEqualTo("7");
    }

    @Test
    void withNothingOnRecordRollingBackSaysWhatToDo() throws Exception {
        var run = cloud.dev("", "rollback", "dev", "--yes");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output()).contains("remembers no deployment").contains("Nothing has changed in dev.");
    }

    @Test
    void anUnknownEnvironmentIsNamed() throws Exception {
        assertThat(cloud.dev("", "deploy", "prod").output()).contains("there is no environment prod, only: dev");
        assertThat(cloud.dev("", "deploy").output()).contains("name the environment, one of: dev");
        assertThat(cloud.dev("", "rollback", "../x").output()).contains("is no name of an environment");
    }

    @Test
    void aPackageThatLambdaCannotStartIsRefused() throws Exception {
        assertThat(check("bootstrap", 0xb7, "rwxr-xr-x")).isEmpty();
        assertThat(check("parley-runner", 0xb7, "rwxr-xr-x")).contains("has no bootstrap at its root");
        assertThat(check("bootstrap", 0x3e, "rwxr-xr-x")).contains("is for x86-64, not for arm64");
        assertThat(check("bootstrap", 0x08, "rwxr-xr-x")).contains("is for no known machine");
        assertThat(check("bootstrap", 0xb7, "rw-r--r--")).contains("may not be executed");
    }

    private String check(String name, int machine, String permissions) throws Exception {
        var archive = folder.resolve(name + machine + permissions + ".zip");
        Cloud.archive(archive, new Cloud.Executable(name, machine, permissions));
        return cloud.dev("", "package", "check", archive.toString()).output();
    }

    private String assertStops(String reason, String situation) throws Exception {
        var run = cloud.deploy();
        assertThat(run.status()).as(run.output()).isEqualTo(1);
        assertThat(run.output()).contains(reason).contains(situation);
        return run.output();
    }

    private static boolean installed(String program) throws Exception {
        return new ProcessBuilder("bash", "-c", "command -v " + program).start().waitFor() == 0;
    }
}
