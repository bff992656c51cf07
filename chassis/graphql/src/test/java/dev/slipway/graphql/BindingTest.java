package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.StartException;
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

    private static Graph schema() {
        return Graph.schema(Library.class, "graphql/library.graphqls");
    }
}
