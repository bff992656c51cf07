package dev.slipway.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyTest {
    private static final Caller NOBODY = new Caller.Anonymous();
    private static final Caller ADA =
            new Caller.Authenticated("ada", Optional.of("acme"), Set.of("clerk"), Set.of("users:read"));
    private static final Caller ROOT = new Caller.Authenticated("root", Optional.empty(), Set.of("admin"), Set.of());
    private static final Map<String, String> NOTHING = Map.of();

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
        assertThat(owner.allows(ADA, Map.of("id", "ada"))).isTrue();
        assertThat(owner.allows(ADA, Map.of("id", "bob"))).isFalse();
        assertThat(owner.allows(ADA, NOTHING)).isFalse();
        assertThat(owner.allows(new Caller.Authenticated("anonymous", Optional.empty(), Set.of(), Set.of()), NOTHING))
                .isFalse();
        assertThat(owner.allows(NOBODY, Map.of("id", "anonymous"))).isFalse();
    }

    @Test
    void a_caller_without_a_tenant_has_part_in_none() {
        var tenant = Policy.tenantIs("tenant");
        assertThat(tenant.allows(ADA, Map.of("tenant", "acme"))).isTrue();
        assertThat(tenant.allows(ADA, Map.of("tenant", "other"))).isFalse();
        assertThat(tenant.allows(ADA, NOTHING)).isFalse();
        assertThat(tenant.allows(ROOT, Map.of("tenant", "acme"))).isFalse();
    }

    @Test
    void policies_are_combined() {
        var adminOrOwner = Policy.role("admin").or(Policy.subjectIs("id"));
        assertThat(adminOrOwner.allows(ROOT, Map.of("id", "ada"))).isTrue();
        assertThat(adminOrOwner.allows(ADA, Map.of("id", "ada"))).isTrue();
        assertThat(adminOrOwner.allows(ADA, Map.of("id", "bob"))).isFalse();
        var both = adminOrOwner.and(Policy.permission("users:read"));
        assertThat(both.allows(ADA, Map.of("id", "ada"))).isTrue();
        assertThat(both.allows(ROOT, Map.of("id", "ada"))).isFalse();
        assertThat(Policy.anyone().and(Policy.authenticated()).isPublic()).isFalse();
        assertThat(Policy.role("admin").or(Policy.anyone()).isPublic()).isTrue();
    }

    @Test
    void a_policy_says_whom_it_lets_in() {
        assertThat(Policy.anyone()).hasToString("anyone");
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

    private static Problem refusal(Caller caller) {
        var refused = catchThrowableOfType(
                ProblemException.class, () -> Policy.role("admin").enforce(caller, NOTHING));
        assertThat(refused).isNotNull();
        return refused.problem();
    }
}
