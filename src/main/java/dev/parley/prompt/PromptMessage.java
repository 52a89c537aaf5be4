package dev.parley.prompt;

import io.quarkus.runtime.annotations.RegisterForReflection;

/// @param role `system`, `developer`, `user` or `assistant`
/// @param content a [Template], or its text once it is rendered
@RegisterForReflection
public record PromptMessage(String role, String content) {

    /// Whether it instructs the model, rather than being part of what is said.
    public boolean instructs() {
        return role.equals("system") || role.equals("developer");
    }
}
