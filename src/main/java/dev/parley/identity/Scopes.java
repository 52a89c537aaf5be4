package dev.parley.identity;

import java.util.Set;
import java.util.regex.Pattern;

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

    /// Prompts: their versions, and the labels that are not protected.
    public static final String PROMPTS = "prompts";

    /// Protected labels of prompts, such as the one that production follows.
    public static final String RELEASE = "prompts:release";

    /// Tools: the list, and calls of those that ask for no scope of their own.
    public static final String TOOLS = "tools";

    /// Approving and denying calls of tools.
    public static final String APPROVALS = "tools:approve";

    static final Set<String> ALL = Set.of(CHAT, KNOWLEDGE, ADMIN, OPERATOR, PROMPTS, RELEASE, TOOLS, APPROVALS);

    /// All that a tenant may do to itself.
    static final Set<String> OF_TENANT = Set.of(CHAT, KNOWLEDGE, ADMIN, PROMPTS, RELEASE, TOOLS, APPROVALS);

    static final Set<String> DEFAULT = Set.of(CHAT, KNOWLEDGE, TOOLS);

    /// A scope that an admin made up for some tools of a tenant.
    private static final Pattern OF_TOOLS = Pattern.compile("tool:[a-z0-9_-]{1,64}");

    static boolean isKnown(String scope) {
        return ALL.contains(scope) || isOfTools(scope);
    }

    /// Whether it is one that a tool may ask for: `tool:` and a name.
    public static boolean isOfTools(String scope) {
        return OF_TOOLS.matcher(scope).matches();
    }

    private Scopes() {}
}
