/// `POST /v1/chat/completions`, a face of the turn.
///
/// `CompletionReception` reads a request and has it admitted, `CompletionFace` tells its turn, as chunks or whole.
/// [CompletionLines] is the entry for other features: requests without a client.
///
/// Not here: the turn and its receipt (`chat`), readers that other faces share (`chat.request`).
@NullMarked
package dev.parley.chat.completions;

import org.jspecify.annotations.NullMarked;
