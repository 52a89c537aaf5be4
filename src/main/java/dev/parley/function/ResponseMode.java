package dev.parley.function;

/// How an answer goes to API Gateway.
enum ResponseMode {
    /// Piece by piece, as the application writes it.
    STREAM,
    /// As one JSON document, once it is whole.
    BUFFERED
}
