package dev.parley.conversation;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.model.Attempt;
import dev.parley.model.ChatModels;
import dev.parley.model.ChatParameters;
import dev.parley.model.Generation;
import dev.parley.model.PromptTokens;
import dev.parley.model.Refusal;
import dev.parley.model.Spend;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Has a model of the catalog write the summary.
///
/// @param mostInput tokens of items, if the model's window has room for them
/// @param mostTokens of the summary
record ModelSummariser(ChatModels models, String model, int mostInput, int mostTokens) implements Summariser {

    private static final String PROMPT = prompt();

    /// Words of a text take more than one token each; a summary that is told too long a limit is cut off.
    private static final int TOKENS_PER_WORD = 2;

    /// What would end the quoted material.
    private static final Pattern TAG = Pattern.compile("<(?=/?(?:summary|turns)>)");

    /// Instructions, the previous summary and the new one come out of the window first.
    @Override
    public int room() {
        int taken = PromptTokens.estimate(PROMPT) + 2 * mostTokens;
        return Math.clamp(models.info(model).contextWindow() - taken, mostTokens, mostInput);
    }

    @Override
    public Written summarise(Material material, Spend spend) {
        Generation generation = models.generate(model, request(material), spend);
        AiMessage answer = generation.response().aiMessage();
        if (answer.text() == null
                || answer.text().isBlank()
                || Refusal.of(answer).isPresent()) {
            throw Problem.of(ProblemKind.BAD_GATEWAY, "summary_missing", "The model wrote no summary.");
        }
        String text = PromptTokens.beginning(answer.text().strip(), mostTokens);
        return new Written(text, waited(generation.attempts()));
    }

    static Duration waited(List<Attempt> attempts) {
        return attempts.stream().map(Attempt::duration).reduce(Duration.ZERO, Duration::plus);
    }

    private ChatRequest request(Material material) {
        String turns =
                material.lines(room()).stream().map(Material.Line::toString).collect(Collectors.joining("\n"));
        String previous = material.previous() == null ? "(none)" : material.previous();
        return ChatRequest.builder()
                .messages(
                        SystemMessage.from(PROMPT.replace("{words}", String.valueOf(mostTokens / TOKENS_PER_WORD))),
                        UserMessage.from("<summary>\n%s\n</summary>\n\n<turns>\n%s\n</turns>"
                                .formatted(quoted(previous), quoted(turns))))
                .parameters(ChatParameters.builder().maxOutputTokens(mostTokens).build())
                .build();
    }

    private static String quoted(String text) {
        return TAG.matcher(text).replaceAll("&lt;");
    }

    private static String prompt() {
        String path = "/prompts/summarise-conversation.txt";
        try (InputStream file = ModelSummariser.class.getResourceAsStream(path)) {
            return new String(Objects.requireNonNull(file, path).readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
