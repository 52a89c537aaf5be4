package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.model.Spend;
import dev.parley.postgres.TenantId;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One call of a tool.
///
/// @param user the end user it is for; null when nobody in particular
/// @param arguments an object that fits the tool's schema
/// @param effect the same for every try of the same call: an idempotency key for whatever the tool talks to
/// @param spend pays for what the tool asks of models
public record Invocation(
        TenantId tenant, @Nullable String user, JsonNode arguments, UUID effect, Duration timeout, Spend spend) {}
