package dev.parley.model.onnx;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// bge-small-en-v1.5, quantised: English, CLS pooling, vectors of length one. Safe for concurrent use; the first call
/// loads the model, which takes a moment.
///
/// Texts run one by one: padded batches change a quantised model's vectors, because its activations are quantised over
/// the whole batch, and are no faster. Each inference has two threads that do not spin while they wait, since spinning
/// takes the cores from whatever else they have to do; callers take turns text by text, so that a question waits for
/// one passage and not for a document.
public final class OnnxEmbeddingModel {

    public static final int DIMENSIONS = 384;

    /// Of one text, special tokens excluded. What is longer is cut there.
    public static final int MAX_INPUT_TOKENS = 510;

    private static final int THREADS_PER_INFERENCE = 2;

    private final Semaphore turns;
    private final int threads;
    private @Nullable BgeSmall model;
    private @Nullable HuggingFaceTokenizer tokenizer;

    public OnnxEmbeddingModel() {
        int cores = Runtime.getRuntime().availableProcessors();
        threads = Math.min(THREADS_PER_INFERENCE, cores);
        turns = new Semaphore(Math.max(1, cores / THREADS_PER_INFERENCE), true);
    }

    /// @param tokens that the model read, special tokens excluded
    public record Embedded(float[] vector, int tokens) {}

    /// In the order of the texts; a text's vector does not depend on its neighbours.
    ///
    /// @throws IllegalArgumentException when a text has no visible character
    public List<Embedded> embed(List<String> texts) {
        BgeSmall loaded = model();
        return texts.stream().map(text -> embed(loaded, text)).toList();
    }

    /// Tokens by the model's own tokenizer, special tokens excluded, however many.
    public int countTokens(String text) {
        return tokenizer().encode(text, false, false).getIds().length;
    }

    private Embedded embed(BgeSmall loaded, String text) {
        turns.acquireUninterruptibly();
        try {
            var answer = loaded.embed(text);
            var usage = Objects.requireNonNull(answer.tokenUsage());
            return new Embedded(answer.content().vector(), usage.inputTokenCount());
        } finally {
            turns.release();
        }
    }

    private synchronized BgeSmall model() {
        if (model == null) {
            model = BgeSmall.load(threads);
        }
        return model;
    }

    private synchronized HuggingFaceTokenizer tokenizer() {
        if (tokenizer == null) {
            tokenizer = BgeSmall.tokenizer();
        }
        return tokenizer;
    }
}
