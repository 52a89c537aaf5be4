package dev.parley.egress;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Which addresses are on the public internet, judged on their bytes.
///
/// Sources: IANA's registries of special-purpose addresses (RFC 6890, RFC 8190)
/// https://www.iana.org/assignments/iana-ipv4-special-registry and
/// https://www.iana.org/assignments/iana-ipv6-special-registry, and what cloud providers document of their metadata
/// services.
///
/// @param allowed  ranges that the operator opens although they are special
/// @param denied   ranges that the operator closes although they are public
record Addresses(List<Cidr> allowed, List<Cidr> denied) {

    /// A range and what it is for.
    private record Range(Cidr cidr, String purpose) {

        static Range of(String cidr, String purpose) {
            return new Range(Cidr.parse(cidr), purpose);
        }
    }

    /// Credentials are handed out here to whoever asks: no setting opens them, however wide the range it names.
    private static final List<Range> METADATA = List.of(
            Range.of("169.254.0.0/16", "link-local and metadata"), // AWS, Azure, Google Cloud, ECS and EKS credentials
            Range.of("168.63.129.16/32", "metadata"), // Azure's platform, on an address that looks public
            Range.of("100.100.100.200/32", "metadata"), // Alibaba Cloud
            Range.of("192.0.0.192/32", "metadata"), // Oracle Cloud
            Range.of("fe80::/10", "link-local and metadata"), // OpenStack
            Range.of("fd00:ec2::/32", "metadata"), // AWS
            Range.of("fd20:ce::254/128", "metadata")); // Google Cloud

    private static final List<Range> IPV4 = List.of(
            Range.of("0.0.0.0/8", "this network"),
            Range.of("10.0.0.0/8", "private"),
            Range.of("100.64.0.0/10", "carrier-grade NAT"),
            Range.of("127.0.0.0/8", "loopback"),
            Range.of("172.16.0.0/12", "private"),
            Range.of("192.0.0.0/24", "protocol assignments"),
            Range.of("192.0.2.0/24", "documentation"),
            Range.of("192.31.196.0/24", "AS112"),
            Range.of("192.52.193.0/24", "multicast tunnels"),
            Range.of("192.88.99.0/24", "6to4 relays"),
            Range.of("192.168.0.0/16", "private"),
            Range.of("192.175.48.0/24", "AS112"),
            Range.of("198.18.0.0/15", "benchmarking"),
            Range.of("198.51.100.0/24", "documentation"),
            Range.of("203.0.113.0/24", "documentation"),
            Range.of("224.0.0.0/4", "multicast"),
            Range.of("240.0.0.0/4", "reserved"));

    /// What is not public inside 2000::/3, and names for the best known of what is outside.
    private static final List<Range> IPV6 = List.of(
            Range.of("2001::/23", "protocol assignments"), // Teredo, benchmarking, ORCHID and more
            Range.of("2001:db8::/32", "documentation"),
            Range.of("2002::/16", "6to4"), // an IPv4 address of any kind inside, and long out of use
            Range.of("2620:4f:8000::/48", "AS112"),
            Range.of("3ffe::/16", "returned"),
            Range.of("3fff::/20", "documentation"),
            Range.of("::1/128", "loopback"),
            Range.of("64:ff9b:1::/48", "local NAT64"), // where in it the IPv4 address stands is the network's choice
            Range.of("fc00::/7", "private"),
            Range.of("fec0::/10", "site-local"),
            Range.of("ff00::/8", "multicast"));

    /// The only block of IPv6 that IANA has given out for global unicast.
    private static final Cidr GLOBAL_UNICAST = Cidr.parse("2000::/3");

    /// How an IPv6-only network reaches IPv4, with DNS64 in front: the address inside counts (RFC 6052).
    private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");

    /// What speaks against connecting to the address; empty if nothing does.
    Optional<String> objection(InetAddress address) {
        InetAddress meant = withoutTranslation(address);
        Optional<String> metadata = purpose(METADATA, meant);
        if (metadata.isPresent()) {
            return metadata;
        }
        if (denied.stream().anyMatch(range -> range.contains(meant) || range.contains(address))) {
            return Optional.of("denied by configuration");
        }
        if (allowed.stream().anyMatch(range -> range.contains(meant))) {
            return Optional.empty();
        }
        return meant instanceof Inet6Address ? objectionToIpv6(meant) : purpose(IPV4, meant);
    }

    private static Optional<String> objectionToIpv6(InetAddress address) {
        Optional<String> special = purpose(IPV6, address);
        return special.isPresent() || GLOBAL_UNICAST.contains(address) ? special : Optional.of("not global unicast");
    }

    private static Optional<String> purpose(List<Range> ranges, InetAddress address) {
        return ranges.stream()
                .filter(range -> range.cidr().contains(address))
                .map(Range::purpose)
                .findFirst();
    }

    /// The IPv4 address at the end of a NAT64 or IPv4-mapped address (the JDK unwraps most of the latter, not those
    /// that were made with a scope); any other address itself.
    private static InetAddress withoutTranslation(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet6Address && (NAT64.contains(address) || isMapped(bytes))) {
            return of(Arrays.copyOfRange(bytes, 12, 16));
        }
        return address;
    }

    private static boolean isMapped(byte[] bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1;
    }

    /// The address of these bytes, without a name: one that has a name is easily looked up again.
    static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
