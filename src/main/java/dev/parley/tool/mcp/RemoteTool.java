package dev.parley.tool.mcp;

import dev.parley.tool.Invocation;
import dev.parley.tool.Tool;
import dev.parley.tool.ToolInfo;

/// A tool that runs at a remote server.
record RemoteTool(ToolInfo info, RemoteServer server, Remote remote, RemoteClient client) implements Tool {

    /// What it is there.
    record Remote(String name, Definition definition) {}

    @Override
    public String call(Invocation invocation) {
        var call = new RemoteCall(
                remote.name(),
                invocation.arguments(),
                invocation.effect(),
                MirroredArguments.of(remote.definition().parameters()));
        try {
            return client.call(server.endpoint(invocation.timeout()), server.revision(), call);
        } catch (RemoteFailure failure) {
            throw failure.toolFailure(info.traits().effects());
        }
    }
}
