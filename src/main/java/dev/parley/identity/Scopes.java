package dev.parley.identity;

import java.util.Set;

/// What a key may do. A scope is the role that `@RolesAllowed` names.
public final class Scopes {

    /// Chat completions, conversations, embeddings and the model list.
    public static final String CHAT = "chat";

    /// Files, vector stores and their dead letters.
    public static final String KNOWLEDGE = "knowledge";

    /// The tenant's own API keys, its budgets and rate limits, and what was used.
    public static final String ADMIN = "admin";

    /// Tenants. Only for those who run this installation.
    public static final String OPERATOR = "operator";

    static final Set<String> ALL = Set.of(CHAT, KNOWLEDGE, ADMIN, OPERATOR);
    static final Set<String> DEFAULT = Set.of(CHAT, KNOWLEDGE);

    private Scopes() {}
}
