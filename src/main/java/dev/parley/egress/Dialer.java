package dev.parley.egress;

import dev.parley.egress.EgressError.ConnectionFailed;
import dev.parley.egress.EgressError.TimedOut;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.util.List;

/// One hop: judge the URL, look its host up once, judge every address, connect to one of those, send.
@ApplicationScoped
class Dialer {

    /// Addresses of a host that are tried: enough to get past a network without IPv6 and a dead server.
    private static final int TRIED = 4;

    private final EgressPolicy policy;
    private final Lookup lookup;
    private final HostGates gates;
    private final Wire wire;

    Dialer(EgressPolicy policy, Lookup lookup, HostGates gates, Wire wire) {
        this.policy = policy;
        this.lookup = lookup;
        this.gates = gates;
        this.wire = wire;
    }

    /// @throws EgressFailure if it is not allowed, or goes wrong
    Answer send(Hop hop, EgressLimits limits, Deadline deadline) {
        policy.check(hop.url());
        Host host = hop.url().host();
        HostGates.Pass pass = gates.enter(host.text(), deadline.nanos(limits.connect()));
        try {
            List<InetAddress> addresses = addresses(host, deadline.nanos(limits.connect()));
            policy.check(host, addresses);
            var sending = new Wire.Sending(hop, limits, deadline, pass);
            return wire.send(connect(sending, addresses), sending);
        } catch (RuntimeException failure) {
            pass.leave();
            throw failure;
        }
    }

    private List<InetAddress> addresses(Host host, long nanos) {
        return switch (host) {
            case Host.Literal(InetAddress address) -> List.of(address);
            case Host.Name(String name) -> lookup.addresses(name, nanos);
        };
    }

    private Wire.Exchange connect(Wire.Sending sending, List<InetAddress> addresses) {
        int last = Math.min(TRIED, addresses.size()) - 1;
        for (int i = 0; i < last; i++) {
            try {
                return wire.connect(sending, addresses.get(i));
            } catch (EgressFailure failure) {
                if (!(failure.error() instanceof ConnectionFailed) && !(failure.error() instanceof TimedOut)) {
                    throw failure;
                }
            }
        }
        return wire.connect(sending, addresses.get(last));
    }
}
