package dev.parley.tool;

import java.util.regex.Pattern;

/// Which names tools have. Two underscores in a row join the label of an MCP server and the name of its tool, so that
/// no other tool can be taken for one of them.
final class ToolNames {

    private static final Pattern WELL_FORMED = Pattern.compile("(?!.*__)[a-zA-Z0-9_-]{1,64}");

    private ToolNames() {}

    static boolean isWellFormed(String name) {
        return WELL_FORMED.matcher(name).matches();
    }
}
