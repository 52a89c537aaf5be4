package dev.parley.conversation;

import dev.parley.model.ChatModels;
import dev.parley.model.ModelFailure;
import dev.parley.model.PromptTokens;
import dev.parley.model.Spend;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Folds turns that memory has no room for into the running summary. Each time a bounded number of items, the oldest
/// first: a long conversation that has no summary yet gets it over several turns.
@ApplicationScoped
class Folding {

    private static final Logger LOG = Logger.getLogger(Folding.class);
    private static final String NONE = "none";

    private final Summaries summaries;
    private final ConversationConfig config;
    private final @Nullable Summariser summariser;

    Folding(Summaries summaries, ConversationConfig config, ChatModels models) {
        this.summaries = summaries;
        this.config = config;
        this.summariser = summariser(config, models);
    }

    private static @Nullable Summariser summariser(ConversationConfig config, ChatModels models) {
        return switch (config.summaryModel()) {
            case NONE -> null;
            case SelectingSummariser.NAME ->
                new SelectingSummariser(config.summaryInputTokens(), config.summaryTokens());
            case String alias ->
                new ModelSummariser(models, alias, config.summaryInputTokens(), config.summaryTokens());
        };
    }

    /// The most a new summary may have; 0 when none is made.
    int summaryTokens() {
        return summariser == null ? 0 : config.summaryTokens();
    }

    /// No connection is held while a model writes.
    Folded fold(Recalled recalled, Spend spend) {
        Overflow overflow = recalled.overflow();
        if (overflow == null || summariser == null) {
            return Folded.nothing(recalled.remembered());
        }
        try {
            return fold(recalled.remembered(), overflow, summariser, spend);
        } catch (ModelFailure failure) {
            if (failure.isStopped()) {
                throw failure;
            }
            return failed(recalled, failure, ModelSummariser.waited(failure.attempts()));
        } catch (Problem refused) {
            return failed(recalled, refused, Duration.ZERO);
        }
    }

    private Folded fold(Remembered unfolded, Overflow overflow, Summariser summariser, Spend spend) {
        List<Material.Old> oldest = summaries.oldest(overflow, config.summaryItems() + 1);
        if (oldest.isEmpty()) {
            return Folded.nothing(unfolded);
        }
        Summary previous = overflow.previous();
        var material = new Material(
                previous == null ? null : previous.text(),
                Material.choose(oldest, config.summaryItems(), summariser.room()));
        Summariser.Written written = summariser.summarise(material, spend);
        var summary = new Summary(
                written.text(), PromptTokens.estimate(written.text()), material.through(), summariser.model());
        Remembered remembered =
                summaries.replace(overflow, summary) ? overflow.kept().with(summary) : unfolded;
        return new Folded(remembered, false, written.waited());
    }

    private Folded failed(Recalled recalled, Problem why, Duration waited) {
        LOG.warnf("A conversation's older turns were not summarised: %s", why.code());
        return new Folded(recalled.remembered(), true, waited);
    }
}
