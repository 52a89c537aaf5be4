package dev.parley.ingestion;

/// Tokens of a text by the tokenizer of whatever will read it.
@FunctionalInterface
interface TokenCounter {

    int count(String text);
}
