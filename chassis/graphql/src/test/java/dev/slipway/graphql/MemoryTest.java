package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import graphql.schema.idl.UnExecutableSchemaGenerator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What strangers make the service keep is bounded in bytes.
@Timeout(60)
class MemoryTest {
    @AutoClose
    private static final Site site =
            Site.start("--graphql.document-cache=1MB", "--graphql.max-subscriptions-size=100KB");

    private static Documents documents(Site of) {
        var schema = UnExecutableSchemaGenerator.makeUnExecutableSchema(
                of.graph.schema().registry());
        return new Documents(schema, of.settingsOfGraphQl(), true, Set.of(), Set.of(), Map.of());
    }

    private static Command asks(String query) {
        return new Command(Optional.of(query), Optional.empty(), Optional.empty(), Map.of(), query.length());
    }

    @Test
    void documents_take_no_more_than_they_may_however_long_each_is() {
        var documents = documents(site);
        for (var i = 0; i < 100; i++) {
            var filler = "#" + String.valueOf(i % 10).repeat(97_000) + i + "\n";
            assertThat(documents.find(asks(filler + "{ __typename }"))).isInstanceOf(Prepared.Accepted.class);
        }

        assertThat(documents.kept()).isBetween(1L, 1024 * 1024L);
    }

    @Test
    void the_weight_of_a_document_is_no_less_than_what_it_takes() throws Exception {
        try (var large = Site.start("--graphql.document-cache=64MB")) {
            var documents = documents(large);
            var before = used();
            for (var i = 0; i < 100; i++) {
                var fields = "title genre id version added subtitle ".repeat(40);
                documents.find(asks("{ book(id: \"b%s\") { %s } }".formatted(i, fields)));
            }

            assertThat(documents.kept()).isGreaterThan(used() - before);
        }
    }

    private static long used() {
        var runtime = Runtime.getRuntime();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void what_was_refused_is_not_kept() {
        var documents = documents(site);
        documents.find(asks("{ nothing }"));
        documents.find(asks("{"));

        assertThat(documents.kept()).isZero();
    }

    @Test
    void subscriptions_keep_no_more_of_their_requests_than_they_may() throws Exception {
        try (var talk = Talk.begin(site)) {
            var filler = "#" + "x".repeat(60_000) + "\\n";
            talk.subscribe("1", filler + "subscription { idle }");
            SubscriptionTest.until(() -> site.library.idle.get() == 1);
            talk.subscribe("2", filler + "subscription { idle }");
            assertThat(talk.refusal()).isEqualTo("too-many-subscriptions");
            talk.say("{\"id\":\"1\",\"type\":\"complete\"}");
            SubscriptionTest.until(() -> site.library.idleEnded.get() == 1);

            talk.subscribe("3", filler + "subscription { count(to: 1) }");
            talk.expect("next");
            talk.expect("complete");
        }
    }
}
