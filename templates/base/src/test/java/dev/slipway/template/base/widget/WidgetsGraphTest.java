package dev.slipway.template.base.widget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.template.base.BaseApp;
import dev.slipway.testing.SchemaFile;
import dev.slipway.testing.TestClient;
import dev.slipway.testing.TestReply;
import dev.slipway.testing.TestService;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Widgets by GraphQL.
class WidgetsGraphTest {
    private static final String CREATE =
            "mutation { createWidget(input: {name: \"Ann\"}) { __typename ... on Widget { id version } ... on Refusal { code } } }";

    @RegisterExtension
    static final TestService service = TestService.of(new BaseApp());

    private final TestClient admin = service.as("somebody", "admin");

    @Test
    void a_widget_is_created_read_listed_changed_and_deleted() {
        var created = send(admin, CREATE).expectText("/data/createWidget/__typename", "Widget");
        var id = created.json().at("/data/createWidget/id").asText();

        send(admin, CREATE).expectText("/data/createWidget/__typename", "NameTaken");
        send(admin, "{ widget(id: \"%s\") { name version } }".formatted(id)).expectText("/data/widget/name", "Ann");
        send(
                        admin,
                        "{ widgets(first: 1, sort: CREATED_DESCENDING) { edges { cursor node { id } } pageInfo { hasNextPage } } }")
                .expectText("/data/widgets/edges/0/node/id", id);
        var change =
                "mutation { changeWidget(id: \"%s\", expectedVersion: %d, input: {name: \"Bea\"}) { __typename ... on Widget { name } } }";
        send(admin, change.formatted(id, 1)).expectText("/data/changeWidget/name", "Bea");
        send(admin, change.formatted(id, 1)).expectText("/data/changeWidget/__typename", "StaleVersion");
        assertThat(send(admin, "mutation { deleteWidget(id: \"%s\", expectedVersion: 2) }".formatted(id))
                        .json()
                        .at("/data/deleteWidget")
                        .asBoolean())
                .isTrue();
        send(admin, "{ widget(id: \"%s\") { name } }".formatted(id))
                .expectText("/errors/0/extensions/code", "not-found");
    }

    @Test
    void the_same_policies_hold_as_by_rest() {
        send(service.anonymous(), "{ widgets { nodes { id } } }")
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
