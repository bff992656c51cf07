package dev.slipway.shop.user.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.shop.user.UserApp;
import dev.slipway.testing.SchemaFile;
import dev.slipway.testing.TestClient;
import dev.slipway.testing.TestReply;
import dev.slipway.testing.TestService;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Profiles by GraphQL.
class ProfilesGraphTest {
    private static final String CREATE =
            "mutation { createUser(input: {email: \"ann@example.com\", displayName: \"Ann\"}) { __typename ... on User { id version } ... on Refusal { code } } }";

    @RegisterExtension
    static final TestService service = TestService.of(new UserApp());

    private final TestClient admin = service.as("somebody", "admin");

    @Test
    void a_user_is_created_read_listed_changed_and_deleted() {
        var created = send(admin, CREATE).expectText("/data/createUser/__typename", "User");
        var id = created.json().at("/data/createUser/id").asText();

        send(admin, CREATE).expectText("/data/createUser/__typename", "EmailTaken");
        send(admin, "{ user(id: \"%s\") { displayName version } }".formatted(id))
                .expectText("/data/user/displayName", "Ann");
        send(
                        admin,
                        "{ users(first: 1, sort: CREATED_DESCENDING) { edges { cursor node { id } } pageInfo { hasNextPage } } }")
                .expectText("/data/users/edges/0/node/id", id);
        var change =
                "mutation { changeUser(id: \"%s\", expectedVersion: %d, input: {email: \"ann@example.com\", displayName: \"Bea\"}) { __typename ... on User { displayName } } }";
        send(admin, change.formatted(id, 1)).expectText("/data/changeUser/displayName", "Bea");
        send(admin, change.formatted(id, 1)).expectText("/data/changeUser/__typename", "StaleVersion");
        assertThat(send(admin, "mutation { deleteUser(id: \"%s\", expectedVersion: 2) }".formatted(id))
                        .json()
                        .at("/data/deleteUser")
                        .asBoolean())
                .isTrue();
        send(admin, "{ user(id: \"%s\") { displayName } }".formatted(id))
                .expectText("/errors/0/extensions/code", "not-found");
    }

    @Test
    void the_same_policies_hold_as_by_rest() {
        send(service.anonymous(), "{ users { nodes { id } } }")
                .expectText("/errors/0/extensions/code", "token-required");
        send(service.as("nobody"), CREATE).expectText("/errors/0/extensions/code", "forbidden");
    }

    @Test
    void the_schema_breaks_no_client() {
        SchemaFile.matches(
                Path.of("api", "graphql", "schema.graphqls"),
                service.anonymous().get("/graphql/schema.graphqls").expect(200).body());
    }

    private static TestReply send(TestClient client, String document) {
        return client.post("/graphql", "{\"query\": \"" + document.replace("\"", "\\\"") + "\"}")
                .expect(200);
    }
}
