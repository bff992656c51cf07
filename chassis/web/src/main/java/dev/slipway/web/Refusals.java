package dev.slipway.web;

import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Description.Refusal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// What a route is known to refuse: what its operation says, and what the chain and the server refuse for it.
final class Refusals {
    private Refusals() {}

    /// The codes by kind.
    static Map<Kind, Set<String>> of(Addressed route) {
        var description = route.description();
        var refusals = new ArrayList<Refusal>();
        refusals.add(new Refusal(Kind.INVALID, "bad-request"));
        refusals.add(new Refusal(Kind.INVALID, "invalid-input"));
        refusals.add(new Refusal(Kind.UNAUTHENTICATED, "invalid-token"));
        if (!route.policy().isPublic()) {
            refusals.add(new Refusal(Kind.UNAUTHENTICATED, "token-required"));
            refusals.add(new Refusal(Kind.FORBIDDEN, "forbidden"));
        }
        if (!description.parameters().isEmpty()) {
            refusals.add(new Refusal(Kind.NOT_FOUND, "not-found"));
        }
        refusals.add(new Refusal(Kind.NOT_ACCEPTABLE, "not-acceptable"));
        if (description.conditional()) {
            refusals.add(new Refusal(Kind.PRECONDITION_FAILED, "stale-version"));
            refusals.add(new Refusal(Kind.PRECONDITION_REQUIRED, "version-required"));
        }
        switch (route) {
            case Route<?, ?> unary when unary.source() == Route.Source.BODY -> {
                refusals.add(new Refusal(Kind.TOO_LARGE, "body-too-large"));
                refusals.add(new Refusal(Kind.REQUEST_TIMEOUT, "body-timeout"));
                refusals.add(new Refusal(Kind.UNSUPPORTED_MEDIA_TYPE, "json-required"));
            }
            case StreamRoute<?, ?> stream when stream.takesLines() ->
                refusals.add(new Refusal(Kind.UNSUPPORTED_MEDIA_TYPE, "lines-required"));
            default -> {}
        }
        if (description.idempotent()) {
            refusals.add(new Refusal(Kind.CONFLICT, "idempotency-in-progress"));
            refusals.add(new Refusal(Kind.UNPROCESSABLE, "idempotency-mismatch"));
        }
        refusals.add(new Refusal(Kind.TOO_MANY, "rate-limited"));
        refusals.addAll(description.refusals());
        refusals.add(new Refusal(Kind.INTERNAL, "internal-error"));
        refusals.add(new Refusal(Kind.UNAVAILABLE, "overloaded"));
        refusals.add(new Refusal(Kind.TIMEOUT, "deadline-exceeded"));
        var byKind = new EnumMap<Kind, Set<String>>(Kind.class);
        refusals.forEach(refusal -> byKind.computeIfAbsent(refusal.kind(), kind -> new LinkedHashSet<>())
                .add(refusal.code()));
        return byKind;
    }
}
