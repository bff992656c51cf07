package dev.slipway.web;

import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Description.KnownProblem;
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
        var refusals = new ArrayList<KnownProblem>();
        refusals.add(new KnownProblem(Kind.INVALID, "bad-request"));
        refusals.add(new KnownProblem(Kind.INVALID, "invalid-input"));
        refusals.add(new KnownProblem(Kind.UNAUTHENTICATED, "invalid-token"));
        if (!route.policy().isPublic()) {
            refusals.add(new KnownProblem(Kind.UNAUTHENTICATED, "token-required"));
            refusals.add(new KnownProblem(Kind.FORBIDDEN, "forbidden"));
        }
        if (!description.parameters().isEmpty()) {
            refusals.add(new KnownProblem(Kind.NOT_FOUND, "not-found"));
        }
        refusals.add(new KnownProblem(Kind.NOT_ACCEPTABLE, "not-acceptable"));
        if (description.conditional()) {
            refusals.add(new KnownProblem(Kind.PRECONDITION_FAILED, "stale-version"));
            refusals.add(new KnownProblem(Kind.PRECONDITION_REQUIRED, "version-required"));
        }
        switch (route) {
            case Route<?, ?> unary
            when unary.source() == Route.Source.BODY -> {
                refusals.add(new KnownProblem(Kind.TOO_LARGE, "body-too-large"));
                refusals.add(new KnownProblem(Kind.REQUEST_TIMEOUT, "body-timeout"));
                refusals.add(new KnownProblem(Kind.UNSUPPORTED_MEDIA_TYPE, "json-required"));
            }
            case StreamRoute<?, ?> stream
            when stream.takesLines() -> refusals.add(new KnownProblem(Kind.UNSUPPORTED_MEDIA_TYPE, "lines-required"));
            default -> {}
        }
        if (route instanceof StreamRoute<?, ?>) {
            refusals.add(new KnownProblem(Kind.TOO_MANY, "too-many-streams"));
            refusals.add(new KnownProblem(Kind.UNAVAILABLE, "too-many-streams"));
        }
        if (description.idempotent()) {
            refusals.add(new KnownProblem(Kind.CONFLICT, "idempotency-in-progress"));
            refusals.add(new KnownProblem(Kind.CONFLICT, "idempotency-outdated"));
            refusals.add(new KnownProblem(Kind.UNPROCESSABLE, "idempotency-mismatch"));
        } else {
            refusals.add(new KnownProblem(Kind.INVALID, "idempotency-unsupported"));
        }
        refusals.add(new KnownProblem(Kind.TOO_MANY, "rate-limited"));
        refusals.addAll(description.refusals());
        refusals.add(new KnownProblem(Kind.INTERNAL, "internal-error"));
        refusals.add(new KnownProblem(Kind.UNAVAILABLE, "overloaded"));
        refusals.add(new KnownProblem(Kind.TIMEOUT, "deadline-exceeded"));
        var byKind = new EnumMap<Kind, Set<String>>(Kind.class);
        refusals.forEach(refusal -> byKind.computeIfAbsent(refusal.kind(), kind -> new LinkedHashSet<>())
                .add(refusal.code()));
        return byKind;
    }

    /// What is answered: the status of success, and those of the refusals.
    static Set<Integer> statuses(Addressed route) {
        var statuses = new LinkedHashSet<>(Set.of(route.success()));
        of(route).keySet().forEach(kind -> statuses.add(ProblemStatus.code(kind)));
        return statuses;
    }
}
