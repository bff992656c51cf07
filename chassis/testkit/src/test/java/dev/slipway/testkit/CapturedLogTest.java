package dev.slipway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CapturedLogTest {
    private static final java.util.logging.Logger LIBRARY = java.util.logging.Logger.getLogger("library");

    private static void say(Class<?> type, String what) {
        LoggerFactory.getLogger(type).warn("{} is late", what);
    }

    @Test
    void one_class_is_heard_as_long_as_the_log_is_open() {
        var log = CapturedLog.of(CapturedLogTest.class);
        try (log) {
            say(CapturedLogTest.class, "Ann");
            say(Await.class, "Bob");
        }
        say(CapturedLogTest.class, "Cid");

        assertThat(log.lines()).containsExactly("WARN Ann is late");
    }

    @Test
    void all_are_heard_and_the_warnings_of_libraries() {
        var log = CapturedLog.ofAll();
        try (log) {
            say(Await.class, "Bob");
            LIBRARY.info("all is well");
            LIBRARY.log(java.util.logging.Level.SEVERE, "it broke", new IllegalStateException("disk"));
        }
        LIBRARY.warning("too late");

        assertThat(log.events(Await.class.getName())).hasSize(1);
        assertThat(log.messages(Level.WARN)).containsExactly("Bob is late", "it broke");
        assertThat(log.events("library").getLast().getThrowableProxy().getMessage())
                .isEqualTo("disk");
    }
}
