package dev.slipway.security;

import java.net.InetAddress;
import java.util.Arrays;

/// Some of the addresses of the internet ([RFC 4632](https://www.rfc-editor.org/rfc/rfc4632)).
///
/// @param bits how many of the address's first bits count
record Network(InetAddress address, int bits) {

    /// @param text an address, or an address and the length of its prefix: `10.0.0.0/8`
    /// @throws IllegalArgumentException if it is neither; names are not looked up
    static Network of(String text) {
        var slash = text.indexOf('/');
        var address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        var all = address.getAddress().length * Byte.SIZE;
        var bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > all) {
            throw new IllegalArgumentException("\"" + text + "\" is not a network");
        }
        return new Network(address, bits);
    }

    boolean contains(InetAddress other) {
        var mine = address.getAddress();
        var theirs = other.getAddress();
        return mine.length == theirs.length && Arrays.equals(prefix(mine, bits), prefix(theirs, bits));
    }

    static byte[] prefix(byte[] address, int bits) {
        var prefix = new byte[address.length];
        for (var i = 0; i < address.length && i * Byte.SIZE < bits; i++) {
            var counting = Math.min(Byte.SIZE, bits - i * Byte.SIZE);
            prefix[i] = (byte) (address[i] & (0xff << (Byte.SIZE - counting)));
        }
        return prefix;
    }
}
