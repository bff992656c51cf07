package dev.slipway.bench;

import dev.slipway.local.DevelopmentTokens;
import java.time.Instant;
import java.util.List;

/// Somebody who has a profile, and a token that is valid for one hour.
record User(String id, String token) {
    /// The token of somebody who may do everything, valid for one hour.
    static String administrator() {
        return DevelopmentTokens.token("administrator", List.of("admin"), Instant.now());
    }

    static User of(String id) {
        return new User(id, DevelopmentTokens.token(id, List.of(), Instant.now()));
    }
}
