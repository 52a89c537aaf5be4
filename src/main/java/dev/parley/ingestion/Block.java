package dev.parley.ingestion;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// A piece of a document that stands by itself.
///
/// @param level of a heading: 0 for the document's title, 1 for its chapters and so on; 0 for everything else
/// @param page where it starts, from 1; null in formats without pages
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record Block(Kind kind, int level, String text, @Nullable Integer page) {

    @RegisterForReflection
    enum Kind {
        HEADING,
        PARAGRAPH,
        LIST_ITEM,
        /// A table's row or a record: kept whole where it fits.
        ROW,
        /// Kept line by line.
        CODE
    }
}
