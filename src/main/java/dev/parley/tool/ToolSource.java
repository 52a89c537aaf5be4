package dev.parley.tool;

import dev.parley.postgres.TenantId;
import java.util.List;
import java.util.Set;

/// Where tools come from.
public interface ToolSource {

    /// All that the tenant has here, by name.
    List<Tool> all(TenantId tenant);

    /// Those of these names; names that are not here are left out.
    List<Tool> named(TenantId tenant, Set<String> names);
}
