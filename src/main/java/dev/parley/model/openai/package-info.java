/// OpenAI's protocol, spoken by OpenAI and by Azure, Ollama, vLLM, Groq, OpenRouter and others at their own base URL.
///
/// Not here: retries, fallbacks, prices and limits (`model`).
@NullMarked
package dev.parley.model.openai;

import org.jspecify.annotations.NullMarked;
