package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.postgres.widgets.WidgetApp;
import dev.slipway.testkit.Await;
import dev.slipway.testkit.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NotificationsTest {
    private static final String MISSED = "(missed)";

    private final TestServer server = new TestServer();

    /// Writes down what it is told, and fails where it is asked to.
    private static final class Notes implements Notifications.Listener {
        private final LinkedBlockingQueue<String> notes = new LinkedBlockingQueue<>();

        @Override
        public void announced(List<String> payloads) {
            if (payloads.contains("poison")) {
                throw new IllegalStateException("planted");
            }
            notes.addAll(payloads);
        }

        @Override
        public void missed() {
            notes.add(MISSED);
        }

        String next() throws InterruptedException {
            var next = notes.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("a note").isNotNull();
            return String.valueOf(next);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static WidgetApp announce(WidgetApp app, String channel, String... payloads) {
        app.database().write(sql -> {
            for (var payload : payloads) {
                sql.query("select pg_notify(:channel, :payload)::text as done")
                        .bind("channel", channel)
                        .bind("payload", payload)
                        .map(row -> row.text("done"))
                        .one();
            }
            return payloads.length;
        });
        return app;
    }

    private double listening(WidgetApp app) {
        return app.meters().get("postgres.notifications.listening").gauge().value();
    }

    @Test
    void every_copy_hears_what_is_committed_in_its_order_and_nothing_else() throws Exception {
        var here = new Notes();
        var there = new Notes();
        var app = server.listening("things", here);
        server.listening("things", there);
        assertThat(List.of(here.next(), there.next())).containsOnly(MISSED);

        assertThatThrownBy(() -> app.database().write(sql -> {
                    announce(app, "things", "rolled back");
                    throw new IllegalStateException("planted");
                }))
                .hasMessage("planted");
        announce(app, "others", "not ours");
        announce(app, "things", "a", "b");
        announce(app, "things", "c");

        for (var notes : List.of(here, there)) {
            assertThat(List.of(notes.next(), notes.next(), notes.next())).containsExactly("a", "b", "c");
        }
    }

    @Test
    void a_connection_that_breaks_is_made_again_and_the_listener_told() throws Exception {
        var notes = new Notes();
        try (var proxy = new Proxy(server.address().port(), true)) {
            var app = server.listening(server.settings(proxy.port()), "things", notes);
            assertThat(notes.next()).isEqualTo(MISSED);
            assertThat(listening(app)).isEqualTo(1);

            proxy.goAway();
            Await.until("it notices", () -> listening(app) == 0);
            proxy.comeBack();

            assertThat(notes.next()).isEqualTo(MISSED);
            Await.until("the pool is back", () -> {
                try {
                    announce(app, "things", "after");
                    return true;
                } catch (DatabaseException.Unavailable | DatabaseException.OutcomeUnknown e) {
                    return false;
                }
            });
            assertThat(notes.next()).isEqualTo("after");
        }
    }

    @Test
    void sessions_that_are_ended_are_replaced() throws Exception {
        var notes = new Notes();
        server.listening("things", notes);
        assertThat(notes.next()).isEqualTo(MISSED);

        server.killSessions();

        assertThat(notes.next()).isEqualTo(MISSED);
    }

    @Test
    void a_listener_that_fails_is_told_that_it_missed_something_and_hears_the_rest() throws Exception {
        var notes = new Notes();
        var app = server.listening("things", notes);
        assertThat(notes.next()).isEqualTo(MISSED);

        announce(app, "things", "poison");
        assertThat(notes.next()).isEqualTo(MISSED);
        announce(app, "things", "well");
        assertThat(notes.next()).isEqualTo("well");
    }

    @Test
    void the_connection_ends_with_the_service() throws Exception {
        var notes = new Notes();
        var app = server.listening("things", notes);
        assertThat(notes.next()).isEqualTo(MISSED);

        app.close();

        Await.until("no session is left", () -> server.count("""
                        select count(*) from pg_stat_activity
                        where datname = current_database() and application_name = 'widget-service'""") == 0);
    }

    @Test
    void channels_have_plain_names_and_one_listener() throws Exception {
        var refused = new ArrayList<String>();
        for (var channel : List.of("Things", "a-b", "a; drop table widgets", "")) {
            assertThatThrownBy(() -> server.listening(channel, new Notes()))
                    .isInstanceOf(IllegalArgumentException.class);
            refused.add(channel);
        }
        assertThat(refused).hasSize(4);
    }
}
