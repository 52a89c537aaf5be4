package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;

/// A tool that an admin declared.
///
/// @param definition as it was written: what the admin sees again
record Declaration(ToolInfo info, Recipe recipe, JsonNode definition) {

    String name() {
        return info.name();
    }

    String type() {
        return switch (recipe) {
            case Recipe.Http _ -> "http";
            case Recipe.Sql _ -> "sql";
            case Recipe.Knowledge _ -> "knowledge";
        };
    }
}
