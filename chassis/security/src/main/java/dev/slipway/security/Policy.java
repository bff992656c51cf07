package dev.slipway.security;

import dev.slipway.core.Caller;
import dev.slipway.core.Caller.Authenticated;
import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who may call an operation, as data; one for REST, gRPC and GraphQL alike. Immutable.
///
/// It says who, and in which relation to what the call is about. What depends on more than that (on a row, on the time)
/// is no policy: the handler decides it, and answers with a refusal.
public sealed interface Policy {

    /// What a call is about, by the names of the operation's parameters.
    @FunctionalInterface
    interface Target {
        /// As it was sent; null if it was not.
        @Nullable
        String value(String parameter);
    }

    /// The whole world; nobody has to say who they are.
    record Anyone() implements Policy {}

    /// Everybody who is known.
    record Known() implements Policy {}

    /// @param roles one of them is enough
    record AnyRole(List<String> roles) implements Policy {
        public AnyRole {
            roles = List.copyOf(roles);
        }
    }

    record Permission(String permission) implements Policy {}

    /// @param parameter holds the caller's own id
    record Subject(String parameter) implements Policy {}

    /// @param parameter holds the caller's tenant
    record Tenant(String parameter) implements Policy {}

    /// @param name of the part of the platform that acts on its own account
    record Service(String name) implements Policy {}

    record Either(List<Policy> policies) implements Policy {
        public Either {
            policies = List.copyOf(policies);
        }
    }

    record All(List<Policy> policies) implements Policy {
        public All {
            policies = List.copyOf(policies);
        }
    }

    /// Open to the world; nobody has to say who they are.
    static Policy anyone() {
        return new Anyone();
    }

    static Policy authenticated() {
        return new Known();
    }

    static Policy role(String role) {
        return anyRole(role);
    }

    static Policy anyRole(String... roles) {
        return new AnyRole(List.of(roles));
    }

    static Policy permission(String permission) {
        return new Permission(permission);
    }

    /// The value of that parameter is the caller's own id: of a user, never of a part of the platform. A call without the
    /// parameter is about nobody's.
    static Policy subjectIs(String parameter) {
        return new Subject(parameter);
    }

    /// The value of that parameter is the caller's tenant; a caller without a tenant has no part in any.
    static Policy tenantIs(String parameter) {
        return new Tenant(parameter);
    }

    /// The part of the platform of that name, which acts on its own account; see [Caller.Service].
    static Policy service(String name) {
        return new Service(name);
    }

    default Policy or(Policy other) {
        return new Either(joined(Either.class, this, other));
    }

    default Policy and(Policy other) {
        return new All(joined(All.class, this, other));
    }

    private static List<Policy> joined(Class<? extends Policy> kind, Policy... policies) {
        return Stream.of(policies)
                .flatMap(policy -> switch (policy) {
                    case Either(var parts) when kind == Either.class -> parts.stream();
                    case All(var parts) when kind == All.class -> parts.stream();
                    default -> Stream.of(policy);
                })
                .toList();
    }

    default boolean allows(Caller caller, Target target) {
        return switch (this) {
            case Anyone() -> true;
            case Known() -> !(caller instanceof Caller.Anonymous);
            case AnyRole(var accepted) ->
                caller instanceof Authenticated known && !Collections.disjoint(accepted, known.roles());
            case Permission(var permission) ->
                caller instanceof Authenticated known && known.permissions().contains(permission);
            case Subject(var parameter) ->
                caller instanceof Authenticated known && known.id().equals(target.value(parameter));
            case Tenant(var parameter) ->
                caller.tenant()
                        .filter(tenant -> tenant.equals(target.value(parameter)))
                        .isPresent();
            case Service(var name) ->
                caller instanceof Caller.Service part && part.name().equals(name);
            case Either(var policies) -> {
                for (var policy : policies) {
                    if (policy.allows(caller, target)) {
                        yield true;
                    }
                }
                yield false;
            }
            case All(var policies) -> {
                for (var policy : policies) {
                    if (!policy.allows(caller, target)) {
                        yield false;
                    }
                }
                yield true;
            }
        };
    }

    /// Does nothing if the caller is allowed.
    ///
    /// @throws ProblemException of kind `UNAUTHENTICATED` and code `token-required` for an anonymous caller, and of
    ///     kind and code `FORBIDDEN`, `forbidden` for one who is known
    default void enforce(Caller caller, Target target) {
        if (!allows(caller, target)) {
            throw switch (caller) {
                case Caller.Anonymous() ->
                    Problem.of(Problem.Kind.UNAUTHENTICATED, "token-required", "Sign in to do this.")
                            .asException();
                case Authenticated _, Caller.Service _ ->
                    Problem.of(Problem.Kind.FORBIDDEN, "forbidden", "You may not do this.")
                            .asException();
            };
        }
    }

    /// Whether callers are let in who did not sign in.
    default boolean isPublic() {
        return allows(new Caller.Anonymous(), parameter -> null);
    }

    /// The parameters whose values say whose the target is.
    default Set<String> parameters() {
        return switch (this) {
            case Anyone _, Known _, AnyRole _, Permission _, Service _ -> Set.of();
            case Subject(var parameter) -> Set.of(parameter);
            case Tenant(var parameter) -> Set.of(parameter);
            case Either(var policies) -> parameters(policies);
            case All(var policies) -> parameters(policies);
        };
    }

    private static Set<String> parameters(List<Policy> policies) {
        var all = new LinkedHashSet<String>();
        policies.forEach(policy -> all.addAll(policy.parameters()));
        return all;
    }

    /// Who is let in, in a few words.
    default String description() {
        return switch (this) {
            case Anyone() -> "anyone";
            case Known() -> "anyone who is signed in";
            case AnyRole(var roles) when roles.size() == 1 -> "role " + roles.getFirst();
            case AnyRole(var roles) -> "one of the roles " + String.join(", ", roles);
            case Permission(var permission) -> "permission " + permission;
            case Subject(var parameter) -> "the owner ({" + parameter + "})";
            case Tenant(var parameter) -> "the tenant ({" + parameter + "})";
            case Service(var name) -> "the service " + name;
            case Either(var policies) ->
                policies.stream().map(Policy::description).collect(Collectors.joining(" or "));
            case All(var policies) ->
                policies.stream()
                        .map(policy ->
                                policy instanceof Either ? "(" + policy.description() + ")" : policy.description())
                        .collect(Collectors.joining(" and "));
        };
    }
}
