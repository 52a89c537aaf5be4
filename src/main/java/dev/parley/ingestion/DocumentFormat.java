package dev.parley.ingestion;

/// The formats that Parley reads. A new one is missing in [Parsers] until it has a parser, and is never met until
/// [Formats] recognises it.
enum DocumentFormat {
    MARKDOWN,
    TEXT,
    HTML,
    PDF,
    DOCX,
    CSV,
    JSON,
    JSONL
}
