package dev.slipway.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyTest {
    private static final Caller NOBODY = new Caller.Anonymous();
    private static final Caller ADA =
            new Caller.Authenticated("ada", Optional.of("acme"), Set.of("clerk"), Set.of("users:read"));
    private static final Caller ROOT = new Caller.Authenticated("root", Optional.empty(), Set.of("admin"), Set.of());
    private static final Policy.Target NOTHING = parameter -> null;

    private static Policy.Target target(String parameter, String value) {
        return name -> name.equals(parameter) ? value : null;
    }

    @Test
    void anyone_lets_everybody_in() {
        assertThat(Policy.anyone().allows(NOBODY, NOTHING)).isTrue();
        assertThat(Policy.anyone().allows(ADA, NOTHING)).isTrue();
        assertThat(Policy.anyone().isPublic()).isTrue();
    }

    @Test
    void authenticated_lets_in_who_is_known() {
        assertThat(Policy.authenticated().allows(NOBODY, NOTHING)).isFalse();
        assertThat(Policy.authenticated().allows(ADA, NOTHING)).isTrue();
        assertThat(Policy.authenticated().isPublic()).isFalse();
    }

    @Test
    void roles_and_permissions_are_asked_for_by_name() {
        assertThat(Policy.role("clerk").allows(ADA, NOTHING)).isTrue();
        assertThat(Policy.role("admin").allows(ADA, NOTHING)).isFalse();
        assertThat(Policy.anyRole("admin", "clerk").allows(ADA, NOTHING)).isTrue();
        assertThat(Policy.anyRole("admin", "auditor").allows(ADA, NOTHING)).isFalse();
        assertThat(Policy.permission("users:read").allows(ADA, NOTHING)).isTrue();
        assertThat(Policy.permission("users:write").allows(ADA, NOTHING)).isFalse();
        assertThat(Policy.role("clerk").allows(NOBODY, NOTHING)).isFalse();
    }

    @Test
    void an_owner_is_the_subject_that_the_target_names() {
        var owner = Policy.subjectIs("id");
        assertThat(owner.allows(ADA, target("id", "ada"))).isTrue();
        assertThat(owner.allows(ADA, target("id", "bob"))).isFalse();
        assertThat(owner.allows(ADA, NOTHING)).isFalse();
        assertThat(owner.allows(new Caller.Authenticated("anonymous", Optional.empty(), Set.of(), Set.of()), NOTHING))
                .isFalse();
        assertThat(owner.allows(NOBODY, target("id", "anonymous"))).isFalse();
    }

    @Test
    void a_caller_without_a_tenant_has_part_in_none() {
        var tenant = Policy.tenantIs("tenant");
        assertThat(tenant.allows(ADA, target("tenant", "acme"))).isTrue();
        assertThat(tenant.allows(ADA, target("tenant", "other"))).isFalse();
        assertThat(tenant.allows(ADA, NOTHING)).isFalse();
        assertThat(tenant.allows(ROOT, target("tenant", "acme"))).isFalse();
    }

    @Test
    void policies_are_combined() {
        var adminOrOwner = Policy.role("admin").or(Policy.subjectIs("id"));
        assertThat(adminOrOwner.allows(ROOT, target("id", "ada"))).isTrue();
        assertThat(adminOrOwner.allows(ADA, target("id", "ada"))).isTrue();
        assertThat(adminOrOwner.allows(ADA, target("id", "bob"))).isFalse();
        var both = adminOrOwner.and(Policy.permission("users:read"));
        assertThat(both.allows(ADA, target("id", "ada"))).isTrue();
        assertThat(both.allows(ROOT, target("id", "ada"))).isFalse();
        assertThat(Policy.anyone().and(Policy.authenticated()).isPublic()).isFalse();
        assertThat(Policy.role("admin").or(Policy.anyone()).isPublic()).isTrue();
    }

    @Test
    void a_policy_says_whom_it_lets_in() {
        assertThat(Policy.anyone().description()).isEqualTo("anyone");
        assertThat(Policy.anyRole("admin", "clerk").description()).isEqualTo("one of the roles admin, clerk");
        assertThat(Policy.role("admin")
                        .or(Policy.subjectIs("id"))
                        .and(Policy.authenticated())
                        .description())
                .isEqualTo("(role admin or the owner ({id})) and anyone who is signed in");
    }

    @Test
    void who_is_unknown_is_asked_to_sign_in_and_who_is_known_is_sent_away() {
        assertThatCode(() -> Policy.role("clerk").enforce(ADA, NOTHING)).doesNotThrowAnyException();
        assertThat(refusal(NOBODY).kind()).isEqualTo(Problem.Kind.UNAUTHENTICATED);
        assertThat(refusal(NOBODY).code()).isEqualTo("token-required");
        assertThat(refusal(ADA).kind()).isEqualTo(Problem.Kind.FORBIDDEN);
        assertThat(refusal(ADA).code()).isEqualTo("forbidden");
    }

    @Test
    void the_same_subject_of_another_issuer_is_somebody_else() {
        var namesake = new Caller.Authenticated(
                Caller.id("https://b.example", "ada", false),
                "https://b.example",
                "ada",
                Optional.empty(),
                Set.of(),
                Set.of());
        assertThat(Policy.subjectIs("id").allows(namesake, target("id", "ada"))).isFalse();
        assertThat(Policy.subjectIs("id").allows(namesake, target("id", "https://b.example#ada")))
                .isTrue();
        assertThat(Policy.subjectIs("id").allows(ADA, target("id", "https://b.example#ada")))
                .isFalse();
    }

    @Test
    void a_part_of_the_platform_is_let_in_by_its_name_only() {
        var sweep = new Caller.Service("price-sweep", Optional.of("acme"));
        assertThat(Policy.service("price-sweep").allows(sweep, NOTHING)).isTrue();
        assertThat(Policy.service("other").allows(sweep, NOTHING)).isFalse();
        assertThat(Policy.service("ada").allows(ADA, NOTHING)).isFalse();
        assertThat(Policy.role("admin").allows(sweep, NOTHING)).isFalse();
        assertThat(Policy.subjectIs("id").allows(sweep, target("id", sweep.id())))
                .isFalse();
        assertThat(Policy.tenantIs("tenant").allows(sweep, target("tenant", "acme")))
                .isTrue();
        assertThat(Policy.authenticated().allows(sweep, NOTHING)).isTrue();
        assertThat(refusal(sweep).code()).isEqualTo("forbidden");
    }

    @Test
    void a_policy_is_data() {
        var policy = Policy.role("admin").or(Policy.subjectIs("id")).or(Policy.service("price-sweep"));
        assertThat(policy)
                .isEqualTo(new Policy.Either(List.of(
                        new Policy.AnyRole(List.of("admin")),
                        new Policy.Subject("id"),
                        new Policy.Service("price-sweep"))));
        assertThat(policy.parameters()).containsExactly("id");
        assertThat(policy.and(Policy.tenantIs("tenant")).parameters()).containsExactly("id", "tenant");
    }

    private static Problem refusal(Caller caller) {
        var refused = catchThrowableOfType(
                ProblemException.class, () -> Policy.role("admin").enforce(caller, NOTHING));
        assertThat(refused).isNotNull();
        return refused.problem();
    }
}
