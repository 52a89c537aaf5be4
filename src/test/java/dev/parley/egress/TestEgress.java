package dev.parley.egress;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;

/// The real thing, with a resolver of the test's own. `127.0.0.2` plays the public internet: it is the one loopback
/// address that is allowed.
final class TestEgress implements AutoCloseable {

    static final String PUBLIC = "127.0.0.2";
    static final String INNER = "127.0.0.1";

    private final Lookup lookup;
    private final Wire wire;
    private final HostGates gates;
    private final Egress egress;

    /// @param overrides names and values in turn
    TestEgress(Vertx vertx, Resolver resolver, int port, String... overrides) {
        EgressConfig config = config(port, overrides);
        this.lookup = new Lookup(resolver, config);
        this.wire = new Wire(vertx, config);
        this.gates = new HostGates(config);
        this.egress = new Egress(config, new Dialer(new EgressPolicy(config), lookup, gates, wire));
    }

    private static EgressConfig config(int port, String... overrides) {
        Map<String, String> settings = new HashMap<>(
                Map.of("schemes", "http,https", "ports", Integer.toString(port), "allowed-ranges", PUBLIC + "/32"));
        for (int i = 0; i < overrides.length; i += 2) {
            settings.put(overrides[i], overrides[i + 1]);
        }
        var builder = new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(EgressConfig.class);
        settings.forEach((name, value) -> builder.withDefaultValue("parley.egress." + name, value));
        return builder.build().getConfigMapping(EgressConfig.class);
    }

    Egress egress() {
        return egress;
    }

    EgressResponse fetch(EgressRequest request) {
        return egress.fetch(request);
    }

    /// Whether no request holds a place at a host.
    boolean isIdle() {
        return gates.size() == 0;
    }

    @Override
    public void close() {
        wire.close();
        lookup.stop();
    }
}
