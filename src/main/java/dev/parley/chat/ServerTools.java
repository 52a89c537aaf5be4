package dev.parley.chat;

import dev.parley.tool.ToolCalls;
import dev.parley.tool.ToolSelection;
import dev.parley.tool.Tools;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tools of this side that a turn may use.
///
/// @param mostCalls how many calls the model may ask for; null for no limit of the request's own
/// @param decisions about calls of an earlier turn that waited for an approval
/// @param opened the tools themselves: none until [Reception#prepare] has found them
public record ServerTools(
        ToolSelection selection, @Nullable Integer mostCalls, List<ToolCalls.Decision> decisions, Tools opened) {

    public static final ServerTools NONE = new ServerTools(ToolSelection.NONE, null, List.of(), Tools.NONE);

    ServerTools open(Tools tools) {
        return new ServerTools(selection, mostCalls, decisions, tools);
    }
}
