package dev.parley.model.extractive;

/// A sentence of a passage.
///
/// @param passage the passage's number
/// @param position of the sentence in its passage
record Quote(int passage, int position, String text, double score) {

    String cited() {
        return text + " [" + passage + "]";
    }
}
