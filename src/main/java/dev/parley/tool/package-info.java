/// Tools that run here, their calls and their effects.
///
/// A [ToolSource] knows [Tool]s: beans of this process, those that admins declared, those of remote MCP servers.
/// [Toolbox] finds the ones that a request names. Their calls go through one place that records what has effects before
/// it runs, so that no effect happens twice and none whose outcome is unknown is hidden.
///
/// Not here: functions that clients own, and when a model is asked again (`chat`); which URLs are reached (`egress`).
@Feature(
        allowedDependencies = {
            "identity",
            "model",
            "knowledge",
            "usage",
            "invocation",
            "idempotency",
            "job",
            "egress",
            "postgres",
            "telemetry"
        })
@NullMarked
package dev.parley.tool;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
