package dev.parley.model;

/// Keys of a tool specification's metadata: what a client said of a tool that LangChain4j has no field for. Providers
/// that have use for it read it, the others ignore it.
public final class ToolMetadata {

    /// The JSON text of the parameters' schema as the client wrote it; `JsonObjectSchema` holds only some keywords.
    public static final String SCHEMA = "dev.parley.schema";

    /// `true` when calls must follow the schema exactly; absent otherwise.
    public static final String STRICT = "strict";

    private ToolMetadata() {}
}
