package dev.slipway.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Idempotency.Answer;
import dev.slipway.core.Idempotency.Result;
import dev.slipway.postgres.widgets.WidgetApp;
import dev.slipway.testkit.JavaProcess;
import dev.slipway.testkit.NoInfrastructure;
import dev.slipway.testkit.Once;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a machine's locale is about people, not about what machines tell each other.
class LocaleTest {
    @AutoClose
    private final TestServer server = new TestServer();

    @Test
    @Timeout(60)
    void a_locale_with_digits_of_its_own_changes_nothing() throws Exception {
        var persian = List.of("-Duser.language=fa", "-Duser.country=IR", "-Dstdout.encoding=UTF-8");
        var child = JavaProcess.of(persian, Child.class, server.settings())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = child.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.lines().filter(line -> line.startsWith("here"))).containsExactly("here 12 is ۱۲");
        } finally {
            child.destroyForcibly().waitFor();
        }

        var elsewhere = new Once(server.service().idempotency());
        assertThat(elsewhere.once(IdempotencyTest.key("k"), "f", () -> new Answer("second")))
                .isEqualTo(new Result.Repeated<>(new Answer("first")));
    }

    /// A service in a process of its own that does one call.
    static final class Child {
        @SuppressWarnings("DefaultLocale") // it shows which one there is
        public static void main(String[] settings) {
            try (var app = WidgetApp.start(List.of(settings), Clock.systemUTC(), new NoInfrastructure())
                    .awaitReady()) {
                new Once(app.idempotency()).once(IdempotencyTest.key("k"), "f", () -> new Answer("first"));
            }
            System.out.println("here 12 is " + String.format("%d", 12));
        }
    }
}
