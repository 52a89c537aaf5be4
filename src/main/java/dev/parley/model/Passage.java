package dev.parley.model;

/// A piece of a document that an answer may rest on.
///
/// @param number what the model cites it by: `[1]`, `[2]`, …
/// @param source the file's name, for people
public record Passage(int number, String source, String text) {}
