package dev.parley.egress;

import java.net.InetAddress;

/// A range of addresses: `10.0.0.0/8`, `fd00::/8`.
///
/// @param first any address of the range; bits after the prefix do not count
record Cidr(InetAddress first, int bits) {

    Cidr {
        if (bits < 0 || bits > first.getAddress().length * 8) {
            throw new IllegalArgumentException("'/%d' is no prefix of %s".formatted(bits, first.getHostAddress()));
        }
    }

    /// @throws IllegalArgumentException that says what is wrong with the text
    static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'%s' is no range such as 10.0.0.0/8".formatted(text));
        }
        String first = text.substring(0, slash).strip();
        if (first.indexOf(':') < 0 && !first.matches("[0-9]+(\\.[0-9]+){3}")) {
            throw new IllegalArgumentException("'%s' is no address".formatted(first)); // 10 alone would be 0.0.0.10
        }
        return new Cidr(
                InetAddress.ofLiteral(first),
                Integer.parseInt(text.substring(slash + 1).strip()));
    }

    boolean contains(InetAddress address) {
        byte[] mine = first.getAddress();
        byte[] theirs = address.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != theirs[i]) {
                return false;
            }
        }
        int rest = bits % 8;
        return rest == 0 || (mine[whole] & 0xFF) >> 8 - rest == (theirs[whole] & 0xFF) >> 8 - rest;
    }
}
