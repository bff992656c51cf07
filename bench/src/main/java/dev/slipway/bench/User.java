package dev.slipway.bench;

import dev.slipway.local.DevelopmentTokens;
import java.time.Instant;
import java.util.List;

/// Somebody who has a profile, and a token that is valid for one hour.
record User(String id, String token) {
    static User of(String id) {
        return new User(id, DevelopmentTokens.token(id, List.of(), Instant.now()));
    }
}
