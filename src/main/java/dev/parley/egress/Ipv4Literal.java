package dev.parley.egress;

import java.net.InetAddress;
import java.util.Optional;

/// IPv4 addresses in every spelling that some resolver or browser understands: `127.0.0.1`, `127.1`, `2130706433`,
/// `0x7f.1`, `0177.0.0.1`.
///
/// Source: the IPv4 parser of https://url.spec.whatwg.org/#concept-ipv4-parser. A host that ends in a number is an
/// address or nothing: it never reaches a resolver, which might read it in its own way.
final class Ipv4Literal {

    private static final int PARTS = 4;

    private Ipv4Literal() {}

    /// Whether the host has to be an address.
    static boolean isNumeric(String host) {
        String last = host.substring(host.lastIndexOf('.') + 1);
        return !last.isEmpty()
                && (last.chars().allMatch(c -> c >= '0' && c <= '9') || last.matches("0[xX][0-9a-fA-F]*"));
    }

    /// The address; empty if the host is none.
    static Optional<InetAddress> parse(String host) {
        String[] parts = host.split("\\.", -1);
        if (parts.length > PARTS) {
            return Optional.empty();
        }
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            int bits = last ? 8 * (PARTS - i) : 8;
            long value = number(parts[i]);
            if (value < 0 || value >> bits != 0) {
                return Optional.empty();
            }
            address = address << bits | value;
        }
        return Optional.of(of(address));
    }

    /// -1 for what is no number, or one that no part of an address can hold.
    private static long number(String part) {
        try {
            if (part.startsWith("0x") || part.startsWith("0X")) {
                return part.length() == 2 ? 0 : digits(part.substring(2), 16);
            }
            return part.length() > 1 && part.startsWith("0") ? digits(part, 8) : digits(part, 10);
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }

    private static long digits(String digits, int radix) {
        if (Character.digit(digits.isEmpty() ? '-' : digits.charAt(0), radix) < 0) {
            return -1; // a sign
        }
        return Long.parseLong(digits, radix);
    }

    private static InetAddress of(long address) {
        return Addresses.of(
                new byte[] {(byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address});
    }
}
