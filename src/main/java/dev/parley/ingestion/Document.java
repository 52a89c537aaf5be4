package dev.parley.ingestion;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/// A file as text with its structure: the parse stage's result and checkpoint.
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
record Document(List<Block> blocks) {}
