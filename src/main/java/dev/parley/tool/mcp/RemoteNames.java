package dev.parley.tool.mcp;

import java.util.regex.Pattern;

/// `label__tool`: what a remote server's tool is called here. A label holds no `__` and does not end with `_`, so the
/// first `__` ends it, and no two tools share a name.
final class RemoteNames {

    private static final String SEPARATOR = "__";
    private static final int MAX = 64;
    private static final Pattern LABEL = Pattern.compile("(?!.*__)[a-z0-9]([a-z0-9_-]{0,30}[a-z0-9-])?");
    private static final Pattern TOOL = Pattern.compile("[a-zA-Z0-9_-]+");

    private RemoteNames() {}

    static boolean isLabel(String text) {
        return LABEL.matcher(text).matches();
    }

    static boolean isValid(String label, String tool) {
        return TOOL.matcher(tool).matches() && of(label, tool).length() <= MAX;
    }

    static String of(String label, String tool) {
        return label + SEPARATOR + tool;
    }

    /// Whether it may be the name of a remote tool.
    static boolean isRemote(String name) {
        return name.contains(SEPARATOR);
    }
}
