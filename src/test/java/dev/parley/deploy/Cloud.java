package dev.parley.deploy;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A checkout with an environment `dev` of the functions chat and worker, and a cloud that is a folder: version 7 of
/// both answers, applying makes version 8. What is called is written down.
record Cloud(Path folder) {

    /// What ./dev said, and how it ended.
    record Run(int status, String output) {}

    static Cloud in(Path folder) throws IOException {
        var cloud = new Cloud(folder);
        cloud.checkOut();
        for (String state : List.of("aliases", "deployments", "fails", "bin")) {
            Files.createDirectories(cloud.state(state));
        }
        for (String program : List.of("aws", "terraform", "curl", "gh", "uname")) {
            Files.copy(
                    Path.of("src/test/resources/cloud/cloud.sh"),
                    cloud.state("bin").resolve(program),
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
        cloud.moveTo("chat", 7);
        cloud.moveTo("worker", 7);
        Files.writeString(cloud.state("outputs.json"), outputs(7));
        Files.writeString(cloud.state("outputs.after.json"), outputs(8));
        Files.write(cloud.state("calls"), new byte[0]);
        archive(cloud.archive(), new Executable("bootstrap", 0xb7, "rwxr-xr-x"));
        return cloud;
    }

    /// Runs ./dev with an answer to its question.
    Run dev(String answer, String... arguments) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(
                Stream.concat(Stream.of("bash", checkout().resolve("dev").toString()), Stream.of(arguments))
                        .toList());
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("PARLEY_") || name.startsWith("GITHUB_"));
        environment.put("CLOUD", state("").toString());
        environment.put("GITHUB_REPOSITORY", "parley/parley");
        environment.put("PARLEY_API_KEY", "sk-smoke");
        environment.put("PARLEY_DEPLOY_POLL_SECONDS", "0");
        environment.put("PARLEY_DEPLOY_MIGRATION_SECONDS", fails("mute-migrate") ? "1" : "300");
        environment.put("PATH", state("bin") + ":" + environment.get("PATH"));
        var process = builder.redirectErrorStream(true).start();
        try (var in = process.outputWriter()) {
            in.write(answer);
        }
        var output = new String(process.getInputStream().readAllBytes());
        return new Run(process.waitFor(), output);
    }

    Run deploy() throws IOException, InterruptedException {
        return dev("", "deploy", "dev", "--zip", archive().toString(), "--yes");
    }

    void fail(String where) throws IOException {
        Files.createFile(state("fails").resolve(where));
    }

    void heal(String where) throws IOException {
        Files.delete(state("fails").resolve(where));
    }

    /// Whether an archive is uploaded already, and a plan finds nothing to do.
    void applied() throws IOException {
        Files.createFile(state("unchanged"));
    }

    void moveTo(String function, int version) throws IOException {
        Files.writeString(state("aliases").resolve(function), version + "\n");
    }

    String live(String function) throws IOException {
        return Files.readString(state("aliases").resolve(function)).strip();
    }

    /// A deployment as CodeDeploy remembers it.
    void remember(String id, String function, String status, String description) throws IOException {
        Files.writeString(state("deployments").resolve(id + ".json"), """
                {"deploymentId": "%s", "group": "%s", "status": "%s", "description": "%s", "creator": "user"}
                """.formatted(id, function, status, description));
    }

    /// A deployment by which CodeDeploy itself takes traffic back, which is not over.
    void rememberTakingBack(String id, String function) throws IOException {
        Files.writeString(state("deployments").resolve(id + ".json"), """
                {"deploymentId": "%s", "group": "%s", "status": "InProgress", "creator": "codeDeployRollback"}
                """.formatted(id, function));
    }

    /// The calls that change something or ask a function, shortened to what matters, in their order.
    List<String> steps() throws IOException {
        var steps = new ArrayList<String>();
        for (String call : Files.readAllLines(state("calls"))) {
            step(call).ifPresent(steps::add);
        }
        return steps;
    }

    String calls() throws IOException {
        return Files.readString(state("calls"));
    }

    void forgetCalls() throws IOException {
        Files.write(state("calls"), new byte[0]);
    }

    Path archive() {
        return state("function.zip");
    }

    String read(String file) throws IOException {
        return Files.readString(state(file));
    }

    /// A file in an archive that begins as an executable for a machine does.
    record Executable(String name, int machine, String permissions) {}

    static void archive(Path archive, Executable executable) throws IOException {
        var header = new byte[64];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 0, header, 0, 7);
        header[16] = 2;
        header[18] = (byte) executable.machine();
        var options = Map.of("create", "true", "enablePosixFileAttributes", "true");
        try (var zip = FileSystems.newFileSystem(archive, options)) {
            var file = zip.getPath(executable.name());
            Files.write(file, header);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable.permissions()));
        }
    }

    private static Optional<String> step(String call) {
        return Stream.of(
                        "aws s3 cp",
                        "terraform plan",
                        "terraform apply",
                        "aws lambda invoke",
                        "aws lambda update-alias",
                        "aws deploy create-deployment",
                        "aws deploy stop-deployment",
                        "curl")
                .filter(step -> List.of(call.split(" ")).containsAll(List.of(step.split(" "))))
                .findFirst()
                .map(step -> Stream.of(step, function(call))
                        .filter(part -> !part.isEmpty())
                        .collect(joining(" ")));
    }

    private static String function(String call) {
        return Stream.of("chat", "worker", "migrate")
                .filter(name -> call.matches(".*(parley-dev-|deployment-group-name |d-)" + name + "\\b.*"))
                .findFirst()
                .orElse("");
    }

    private boolean fails(String where) {
        return Files.exists(state("fails").resolve(where));
    }

    private void checkOut() throws IOException {
        Files.createDirectories(checkout().resolve("scripts"));
        Files.createDirectories(checkout().resolve("terraform/environments"));
        Files.createDirectories(checkout().resolve("terraform/scripts"));
        Files.copy(Path.of("dev"), checkout().resolve("dev"));
        try (var scripts = Files.newDirectoryStream(Path.of("scripts"), "*.sh")) {
            for (Path script : scripts) {
                Files.copy(script, checkout().resolve("scripts").resolve(script.getFileName()));
            }
        }
        Files.writeString(checkout().resolve("terraform/environments/dev.tfvars"), """
                environment = "dev"
                bedrock = {
                  region = "us-east-1"
                }
                region = "eu-central-1"
                """);
        var init = checkout().resolve("terraform/scripts/init.sh");
        Files.writeString(init, "#!/bin/sh\necho \"init $*\" >>\"$CLOUD/calls\"\n");
        Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path checkout() {
        return folder.resolve("checkout");
    }

    private Path state(String name) {
        return folder.resolve("cloud").resolve(name);
    }

    private static String outputs(int version) {
        var functions = Stream.of("chat", "worker")
                .map(name -> """
                        "%1$s": {"function_name": "parley-dev-%1$s", "alias": "live", "version": "%2$d", "deployment_group": "%1$s"}
                        """.formatted(name, version))
                .collect(joining(","));
        return """
                {"api_url": {"value": "https://api.test/dev"},
                 "codedeploy_app": {"value": "parley-dev"},
                 "migrate_function": {"value": {"function_name": "parley-dev-migrate", "version": "%d"}},
                 "functions": {"value": {%s}}}
                """.formatted(version, functions);
    }
}
