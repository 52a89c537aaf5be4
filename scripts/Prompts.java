import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Prompts as files: what they would change on a server, the change itself, and whether a version is as good as the one
/// in production.
///
/// Run by `./dev prompts plan|apply|eval`. Exit codes: 0; 1 for a regression or a failure; 2 for a plan with changes, if
/// asked for.
final class Prompts {

    private static final int CHANGES = 2;

    static void main(String[] arguments) throws Exception {
        try {
            System.exit(run(new ArrayList<>(List.of(arguments))));
        } catch (Http.Refused e) {
            System.err.println("prompts: " + e.getMessage());
            System.exit(1);
        }
    }

    /// @param arguments the command, the folder of prompts, and what the user typed
    private static int run(List<String> arguments) throws IOException, InterruptedException {
        var command = arguments.removeFirst();
        var folder = Path.of(arguments.removeFirst());
        return switch (command) {
            case "plan" -> plan(folder, arguments);
            case "apply" -> apply(folder, arguments);
            case "eval" -> new PromptEval(new Http(), PromptEval.Options.read(folder, arguments)).run();
            default -> throw new Http.Refused("unknown command '%s': plan, apply or eval".formatted(command));
        };
    }

    private static int plan(Path folder, List<String> arguments) throws IOException {
        boolean detailed = arguments.remove("--detailed-exitcode");
        refuse(arguments);
        var plan = PromptPlan.of(new Http(), PromptFile.all(folder));
        System.out.print(plan.describe());
        return detailed && !plan.isEmpty() ? CHANGES : 0;
    }

    private static int apply(Path folder, List<String> arguments) throws IOException {
        refuse(arguments);
        var http = new Http();
        var plan = PromptPlan.of(http, PromptFile.all(folder));
        System.out.print(plan.describe());
        plan.apply(http);
        if (!plan.isEmpty()) System.out.println("Applied.");
        return 0;
    }

    private static void refuse(List<String> arguments) {
        if (!arguments.isEmpty()) throw new Http.Refused("unknown argument '%s'".formatted(arguments.getFirst()));
    }
}
