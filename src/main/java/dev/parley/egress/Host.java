package dev.parley.egress;

import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/// The host of a URL: a name to resolve, or an address that needs no resolving.
sealed interface Host {

    /// As it stands in a URL and in `Host`: lower case, punycode, without a trailing dot, IPv6 in brackets.
    String text();

    /// @param text ASCII, lower case, without a trailing dot
    record Name(String text) implements Host {}

    record Literal(InetAddress address) implements Host {

        @Override
        public String text() {
            String address = address().getHostAddress();
            return address() instanceof Inet6Address ? "[" + address + "]" : address;
        }
    }

    Pattern IPV6 = Pattern.compile("\\[[0-9a-fA-F:.]+]"); // without zones, which name this machine's interfaces
    Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"); // RFC 1035, and the underscores of SRV
    int MAX_NAME = 253;

    /// @throws EgressFailure for what is no host
    static Host parse(String written) {
        if (written.startsWith("[")) {
            return new Literal(ipv6(written));
        }
        String name = ascii(written);
        // Only now: the mapping to ASCII makes digits and dots of characters that only look like them.
        if (Ipv4Literal.isNumeric(name)) {
            return new Literal(Ipv4Literal.parse(name).orElseThrow(() -> invalid("its host is no IPv4 address")));
        }
        return new Name(checked(name));
    }

    private static InetAddress ipv6(String written) {
        if (IPV6.matcher(written).matches() && written.indexOf(':') > 0) {
            try {
                return InetAddress.ofLiteral(written.substring(1, written.length() - 1));
            } catch (IllegalArgumentException notAnAddress) {
                throw invalid("its host is no IPv6 address");
            }
        }
        throw invalid("its host is no IPv6 address");
    }

    private static String ascii(String written) {
        try {
            boolean plain = written.chars().allMatch(c -> c < 128);
            String ascii = (plain ? written : IDN.toASCII(written)).toLowerCase(Locale.ROOT);
            return ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        } catch (IllegalArgumentException | IndexOutOfBoundsException noName) {
            throw invalid("its host is no name");
        }
    }

    private static String checked(String name) {
        if (name.isEmpty()) {
            throw invalid("it has no host");
        }
        if (name.length() > MAX_NAME) {
            throw invalid("its host is too long");
        }
        for (String label : name.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                throw invalid("its host is no name");
            }
        }
        return name;
    }

    private static EgressFailure invalid(String why) {
        return new EgressFailure(new EgressError.InvalidUrl(why));
    }

    /// As certificates have it: addresses without brackets.
    default String name() {
        return switch (this) {
            case Literal(InetAddress address) -> address.getHostAddress();
            case Name(String name) -> name;
        };
    }
}
