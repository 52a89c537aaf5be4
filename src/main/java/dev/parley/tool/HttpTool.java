package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.egress.Egress;
import dev.parley.egress.EgressFailure;
import dev.parley.egress.EgressRequest;
import dev.parley.egress.EgressStream;
import dev.parley.postgres.Json;
import jakarta.inject.Singleton;

/// A tool that sends a request.
record HttpTool(ToolInfo info, Recipe.Http recipe, Parts parts) implements Tool {

    /// Of an error page.
    private static final int TOLD = 1000;

    /// What all of them work with.
    @Singleton
    static class Parts {

        private final Egress egress;
        private final HttpRequests requests;
        private final Json json;

        Parts(Egress egress, HttpRequests requests, Json json) {
            this.egress = egress;
            this.requests = requests;
            this.json = json;
        }
    }

    @Override
    public String call(Invocation invocation) {
        ArgumentSchema.of(info.parameters()).check(invocation.arguments());
        boolean effects = info.traits().effects();
        EgressRequest request = parts.requests.call(recipe, effects, invocation);
        try (EgressStream answer = parts.egress.open(request)) {
            return told(answer, effects);
        } catch (EgressFailure failure) {
            String words = failure.problem("url").getMessage();
            throw effects && failure.error().mayHaveArrived()
                    ? ToolFailure.inDoubt(words)
                    : ToolFailure.withoutEffect(words);
        }
    }

    private String told(EgressStream answer, boolean effects) {
        int status = answer.status();
        if (status / 100 != 2) {
            String words = "The server answered with status %d: %s"
                    .formatted(status, HttpText.of(answer, TOLD).orElse("(no text)"));
            throw effects && status / 100 != 4 ? ToolFailure.inDoubt(words) : ToolFailure.withoutEffect(words);
        }
        return HttpText.of(answer, recipe.maxResponseBytes()).orElseGet(() -> notText(answer, effects));
    }

    /// What has happened has happened, whatever the answer is made of.
    private static String notText(EgressStream answer, boolean effects) {
        String type = answer.headers().first("Content-Type").orElse("no type");
        if (!effects) {
            throw ToolFailure.withoutEffect("The server answered with %s, which is no text.".formatted(type));
        }
        return "Done: status %d. The answer is of type %s, which is no text.".formatted(answer.status(), type);
    }

    @Override
    public EffectCheck check(Invocation invocation) {
        Recipe.StatusCheck check = recipe.statusCheck();
        if (check == null) {
            return EffectCheck.UNKNOWN;
        }
        try (EgressStream answer = parts.egress.open(parts.requests.statusCheck(recipe, check, invocation))) {
            return switch (answer.status()) {
                case 404 -> EffectCheck.NOT_HAPPENED;
                case 200 -> EffectCheck.happened(result(answer, check));
                default -> EffectCheck.UNKNOWN;
            };
        } catch (EgressFailure | ToolFailure noAnswer) {
            return EffectCheck.UNKNOWN;
        }
    }

    private String result(EgressStream answer, Recipe.StatusCheck check) {
        String text = HttpText.of(answer, recipe.maxResponseBytes()).orElse("Done.");
        if (check.result() == null) {
            return text;
        }
        try {
            JsonNode found = parts.json.tree(text).at(check.result());
            return found.isMissingNode() ? text : found.isTextual() ? found.textValue() : found.toString();
        } catch (IllegalArgumentException notJson) {
            return text;
        }
    }
}
