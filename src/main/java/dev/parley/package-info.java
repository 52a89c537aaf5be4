/// Parley: an AI backend that a team owns, behind an OpenAI-compatible API. One package per feature, one level deep.
@org.jspecify.annotations.NullMarked
package dev.parley;
