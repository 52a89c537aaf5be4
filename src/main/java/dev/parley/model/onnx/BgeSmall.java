package dev.parley.model.onnx;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.AbstractInProcessEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.OnnxBertBiEncoder;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import dev.parley.model.EmbeddingProvider.Vectors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/// BAAI's bge-small-en-v1.5, quantised: 384 dimensions, 510 tokens besides the two special ones.
///
/// One thread per text and as many threads as processors: texts of a batch run side by side, which beats several
/// threads on one text, and no more run at once than the machine has processors, whoever calls.
final class BgeSmall extends AbstractInProcessEmbeddingModel {

    static final String NAME = "bge-small-en-v1.5";
    private static final int DIMENSIONS = 384;
    private static final String WEIGHTS = "/bge-small-en-v1.5-q.onnx";
    private static final String TOKENIZER = "/bge-small-en-v1.5-q-tokenizer.json";

    private final OnnxBertBiEncoder encoder;
    private final HuggingFaceTokenizer tokenizer;

    BgeSmall() {
        super(threads());
        try (InputStream weights = resource(WEIGHTS);
                InputStream forEncoder = resource(TOKENIZER);
                InputStream forCounting = resource(TOKENIZER);
                var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            var environment = OrtEnvironment.getEnvironment();
            encoder = new OnnxBertBiEncoder(
                    environment,
                    environment.createSession(weights.readAllBytes(), options),
                    forEncoder,
                    PoolingMode.CLS);
            tokenizer = HuggingFaceTokenizer.newInstance(
                    forCounting, Map.of("padding", "false", "truncation", "false", "addSpecialTokens", "false"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (OrtException failure) {
            throw new IllegalStateException(failure);
        }
    }

    Vectors embed(List<String> texts) {
        var answer = embedAll(texts.stream().map(TextSegment::from).toList());
        return new Vectors(
                answer.content().stream().map(Embedding::vector).toList(),
                answer.tokenUsage() == null ? null : answer.tokenUsage().inputTokenCount());
    }

    int countTokens(String text) {
        return tokenizer.encode(text, false, false).getIds().length;
    }

    @Override
    protected OnnxBertBiEncoder model() {
        return encoder;
    }

    @Override
    protected Integer knownDimension() {
        return DIMENSIONS;
    }

    private static Executor threads() {
        return Executors.newFixedThreadPool(
                Runtime.getRuntime().availableProcessors(),
                Thread.ofPlatform().daemon().name("embedding-", 0).factory());
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(BgeSmall.class.getResourceAsStream(name), name);
    }
}
