/// `/v1/responses`, a face of the turn: now or in the background, streamed, stored, fetched, resumed and continued.
///
/// `ResponseReception` reads a request and has it admitted, `ResponseFace` tells its turn. `StoredResponses` are
/// fetched by their ids; `ResponseChain` is what a response remembers of those it continues. `BackgroundTurns` is the
/// worker's edge. [ResponseLines] is the entry for other features: requests without a client.
///
/// Guarantees: an id fetches what its client was told; a response in the background is run at most once.
///
/// Not here: the turn and its receipt (`chat`), readers that other faces share (`chat.request`), the event log
/// (`stream`).
@NullMarked
package dev.parley.chat.responses;

import org.jspecify.annotations.NullMarked;
