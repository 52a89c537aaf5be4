package dev.parley.idempotency;

/// An argument of an [Idempotent] method that was made from the others: it does not tell two requests apart.
public interface NotCompared {}
