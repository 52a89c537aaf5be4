package dev.parley.knowledge;

/// A file that is to be put into a vector store.
///
/// @param attributes a JSON object
record NewAttachment(FileId file, String attributes, ChunkingStrategy.Fixed chunking) {}
