package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.StartException;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What does not fit together is found at the start.
@Timeout(60)
class BindingTest {

    @Test
    void a_query_that_may_change_something_refuses_the_start() {
        assertThatThrownBy(() -> Site.serving(library -> schema().query("meet", library.meetLate())))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(
                        "the GraphQL field Query.meet: meetLate may change something; it must be a read, or a mutation")
                .hasMessageContaining("nothing stands behind the GraphQL field Query.book");
    }

    @Test
    void graphs_become_one_whether_they_say_query_again_or_extend_it() throws Exception {
        try (var site = Site.withMore(piers(), ships())) {
            assertThat(site.query("{ book(id: \"b1\") { id } pier ship }").data())
                    .hasToString("{\"book\":{\"id\":\"b1\"},\"pier\":\"North\",\"ship\":\"Vega\"}");
        }
    }

    @Test
    void graphs_that_contradict_each_other_are_refused() {
        assertThatThrownBy(() -> Site.withMore(ships(), ships())).hasStackTraceContaining("Query.ship was bound twice");
        assertThatThrownBy(
                        () -> Site.withMore(ships().type("Flag", Flag.class), piers().type("Flag", Other.Flag.class)))
                .hasStackTraceContaining("the GraphQL type Flag stands for two classes: " + Flag.class.getName()
                        + " and " + Other.Flag.class.getName());
        assertThatThrownBy(() -> Site.withMore(ships().allow(Library.class, "graphql/persisted.json")))
                .hasStackTraceContaining("two graphs list the documents that are served: let one list all");
    }

    private enum Flag {
        RED
    }

    private static final class Other {
        enum Flag {
            GREEN
        }
    }

    private static Graph piers() {
        return Graph.schema(Library.class, "graphql/piers.graphqls").query("pier", named("readPier", "North"));
    }

    private static Graph ships() {
        return Graph.schema(Library.class, "graphql/ships.graphqls").query("ship", named("readShip", "Vega"));
    }

    private static Operation<Nothing, String> named(String operation, String answer) {
        return Operation.named(operation, "Reads a name")
                .policy(Policy.anyone())
                .output(String.class)
                .read(call -> Outcome.done(answer));
    }

    private static Graph schema() {
        return Graph.schema(Library.class, "graphql/library.graphqls");
    }
}
