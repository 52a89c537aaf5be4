package dev.parley.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Turns a name into addresses. What it says is judged, and asked for once per connection.
interface Resolver {

    /// @param name never an address
    /// @return not empty
    List<InetAddress> resolve(String name) throws UnknownHostException;
}
