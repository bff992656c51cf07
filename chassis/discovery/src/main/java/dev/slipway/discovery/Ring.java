package dev.slipway.discovery;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Consistent hashing (Karger et al., 1997): each instance owns the arcs that end in its points on a circle of hashes.
final class Ring {
    /// A share of the keys deviates by about 1/√points, here 8 %; libketama takes 160, too.
    private static final int POINTS = 160;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private record Point(long hash, Upstream owner) {}

    private final long[] hashes;
    private final Upstream[] owners;

    Ring(List<Upstream> upstreams) {
        var points = new ArrayList<Point>(upstreams.size() * POINTS);
        for (var upstream : upstreams) {
            var seed = hash(upstream.address);
            for (var i = 1; i <= POINTS; i++) {
                points.add(new Point(mix(seed + i), upstream));
            }
        }
        points.sort(Comparator.comparingLong(Point::hash));
        hashes = points.stream().mapToLong(Point::hash).toArray();
        owners = points.stream().map(Point::owner).toArray(Upstream[]::new);
    }

    /// The first on the circle that can be reached; null if there is none.
    @Nullable
    Upstream ownerOf(String key, Predicate<Upstream> reachable) {
        var hash = hash(key);
        var low = 0;
        var high = hashes.length;
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (hashes[middle] < hash) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        for (var i = 0; i < owners.length; i++) {
            var owner = owners[(low + i) % owners.length];
            if (reachable.test(owner)) {
                return owner;
            }
        }
        return null;
    }

    /// FNV-1a over the characters, then mixed: the same in every JVM, so that all copies send a key to the same place.
    private static long hash(String text) {
        var hash = FNV_OFFSET;
        for (var i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
    private static long mix(long value) {
        var mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
