package dev.parley.egress;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What the operator allows. Read at start, so that a mistake in it stops the process and opens nothing.
@Startup
@ApplicationScoped
class EgressPolicy {

    private static final Set<String> KNOWN_SCHEMES = Set.of("http", "https");

    private final EgressConfig config;
    private final List<HostPattern> allowedHosts;
    private final List<HostPattern> deniedHosts;
    private final Addresses addresses;

    EgressPolicy(EgressConfig config) {
        this.config = config;
        this.allowedHosts = parsed("allowed-hosts", config.allowedHosts(), HostPattern::parse);
        this.deniedHosts = parsed("denied-hosts", config.deniedHosts(), HostPattern::parse);
        this.addresses = new Addresses(
                parsed("allowed-ranges", config.allowedRanges(), Cidr::parse),
                parsed("denied-ranges", config.deniedRanges(), Cidr::parse));
        if (!KNOWN_SCHEMES.containsAll(config.schemes())) {
            throw new IllegalStateException("parley.egress.schemes: only %s are known".formatted(KNOWN_SCHEMES));
        }
    }

    private static <T> List<T> parsed(String name, Optional<Set<String>> texts, Function<String, T> parser) {
        try {
            return texts.stream().flatMap(Collection::stream).map(parser).toList();
        } catch (IllegalArgumentException mistake) {
            throw new IllegalStateException("parley.egress.%s: %s".formatted(name, mistake.getMessage()), mistake);
        }
    }

    /// @throws EgressFailure if the URL is not allowed, wherever its host leads
    void check(EgressUrl url) {
        if (!config.schemes().contains(url.scheme())) {
            throw new EgressFailure(new EgressError.ForbiddenScheme(url.scheme()));
        }
        if (!config.ports().contains(url.port())) {
            throw new EgressFailure(new EgressError.ForbiddenPort(url.port()));
        }
        if (!isAllowed(url.host())) {
            throw new EgressFailure(new EgressError.ForbiddenHost(url.host().text()));
        }
    }

    private boolean isAllowed(Host host) {
        return deniedHosts.stream().noneMatch(pattern -> pattern.matches(host))
                && (allowedHosts.isEmpty() || allowedHosts.stream().anyMatch(pattern -> pattern.matches(host)));
    }

    /// All of a host's addresses have to be allowed: a name with an inner and an outer one would else lead inside
    /// whenever the outer one does not answer.
    ///
    /// @throws EgressFailure if one is not
    void check(Host host, List<InetAddress> all) {
        for (InetAddress address : all) {
            addresses.objection(address).ifPresent(range -> {
                throw new EgressFailure(new EgressError.ForbiddenAddress(host.text(), address.getHostAddress(), range));
            });
        }
    }
}
