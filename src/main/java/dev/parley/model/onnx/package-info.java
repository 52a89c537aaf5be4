/// Embeddings computed in process: bge-small-en-v1.5, quantised, on ONNX Runtime.
///
/// [OnnxEmbeddingModel] is the entry point. It needs `--enable-native-access` and nothing else: model and tokenizer
/// come with the class path.
///
/// Not here: aliases, batches, and the prefix that the model wants for a question (`model`).
@NullMarked
package dev.parley.model.onnx;

import org.jspecify.annotations.NullMarked;
