package dev.parley.model.extractive;

/// A sentence of a passage and the number that cites it.
record Quote(String text, int passage) {

    @Override
    public String toString() {
        return text + " [" + passage + "]";
    }
}
