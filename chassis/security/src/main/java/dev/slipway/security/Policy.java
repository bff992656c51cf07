package dev.slipway.security;

import dev.slipway.core.Caller;
import dev.slipway.core.Caller.Authenticated;
import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/// Who may call an operation; one for REST, gRPC and GraphQL alike. Immutable, and says itself what it asks for.
///
/// A policy decides on the caller and on the call's target: its path parameters or arguments by their names.
public final class Policy {
    private static final Policy ANYONE = new Policy("anyone", (caller, target) -> true);
    private static final Policy AUTHENTICATED = when("anyone who is signed in", (caller, target) -> true);

    private final String description;
    private final BiPredicate<Caller, Map<String, String>> rule;

    private Policy(String description, BiPredicate<Caller, Map<String, String>> rule) {
        this.description = description;
        this.rule = rule;
    }

    /// Open to the world; nobody has to say who they are.
    public static Policy anyone() {
        return ANYONE;
    }

    public static Policy authenticated() {
        return AUTHENTICATED;
    }

    public static Policy role(String role) {
        return when("role " + role, (caller, target) -> caller.roles().contains(role));
    }

    public static Policy anyRole(String... roles) {
        var accepted = List.of(roles);
        return when(
                "one of the roles " + String.join(", ", accepted),
                (caller, target) -> !Collections.disjoint(accepted, caller.roles()));
    }

    public static Policy permission(String permission) {
        return when(
                "permission " + permission,
                (caller, target) -> caller.permissions().contains(permission));
    }

    /// The target's value of that name is the caller's own subject; a target without it belongs to nobody.
    public static Policy subjectIs(String name) {
        return when(
                "the owner ({" + name + "})",
                (caller, target) -> caller.subject().equals(target.get(name)));
    }

    /// The target's value of that name is the caller's tenant; a caller without a tenant has no part in any.
    public static Policy tenantIs(String name) {
        return when(
                "the tenant ({" + name + "})",
                (caller, target) -> caller.tenant()
                        .filter(tenant -> tenant.equals(target.get(name)))
                        .isPresent());
    }

    /// A rule of a service's own about callers that are signed in.
    ///
    /// @param description who is let in, in a few words: they go into the API's documentation
    public static Policy when(String description, BiPredicate<Authenticated, Map<String, String>> rule) {
        return new Policy(description, (caller, target) -> switch (caller) {
            case Caller.Anonymous() -> false;
            case Authenticated known -> rule.test(known, target);
        });
    }

    public Policy or(Policy other) {
        return new Policy(description + " or " + other.description, rule.or(other.rule));
    }

    public Policy and(Policy other) {
        return new Policy(grouped() + " and " + other.grouped(), rule.and(other.rule));
    }

    public boolean allows(Caller caller, Map<String, String> target) {
        return rule.test(caller, target);
    }

    /// Does nothing if the caller is allowed.
    ///
    /// @throws ProblemException of kind `UNAUTHENTICATED` and code `token-required` for an anonymous caller, and of
    ///     kind and code `FORBIDDEN`, `forbidden` for one who is known
    public void enforce(Caller caller, Map<String, String> target) {
        if (!allows(caller, target)) {
            throw switch (caller) {
                case Caller.Anonymous() ->
                    Problem.of(Problem.Kind.UNAUTHENTICATED, "token-required", "Sign in to do this.")
                            .asException();
                case Authenticated known ->
                    Problem.of(Problem.Kind.FORBIDDEN, "forbidden", "You may not do this.")
                            .asException();
            };
        }
    }

    /// Whether callers are let in who did not sign in.
    public boolean isPublic() {
        return allows(new Caller.Anonymous(), Map.of());
    }

    /// Who is let in, in a few words.
    public String description() {
        return description;
    }

    @Override
    public String toString() {
        return description;
    }

    private String grouped() {
        return description.contains(" or ") ? "(" + description + ")" : description;
    }
}
