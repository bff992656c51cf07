package dev.slipway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LogWriterTest {
    private static final LineFormat MESSAGE = event -> event.getFormattedMessage() + "\n";

    @Test
    void all_lines_of_all_threads_arrive_each_thread_in_order() throws Exception {
        var out = new ByteArrayOutputStream();
        var writer = new LogWriter(MESSAGE, out);
        var context = LogLines.context(writer);
        var log = context.getLogger("shop");
        var threads = IntStream.range(0, 8)
                .mapToObj(thread -> Thread.ofVirtual().start(() -> {
                    for (var i = 0; i < 5000; i++) {
                        log.warn("{} {}", thread, i);
                    }
                }))
                .toList();
        for (var thread : threads) {
            thread.join();
        }
        context.stop();
        var lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(40_000);
        for (var thread = 0; thread < 8; thread++) {
            var prefix = thread + " ";
            assertThat(lines.stream().filter(line -> line.startsWith(prefix)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 5000).mapToObj(i -> prefix + i).toList());
        }
        assertThat(writer.lines(Level.WARN)).isEqualTo(40_000);
        assertThat(writer.dropped()).isZero();
    }

    @Test
    void lines_after_the_end_are_written_at_once() {
        var out = new ByteArrayOutputStream();
        var writer = new LogWriter(MESSAGE, out);
        var context = LogLines.context(writer);
        context.getLogger("shop").info("before");
        writer.finish();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("before\n");
        context.getLogger("shop").info("after");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("before\nafter\n");
        context.stop();
    }

    @Test
    @Timeout(60)
    void a_blocked_output_costs_lines_and_not_the_service() throws Exception {
        var opened = new CountDownLatch(1);
        var written = new ByteArrayOutputStream();
        var writer = new LogWriter(MESSAGE, new OutputStream() {
            @Override
            public void write(int b) {
                written.write(b);
            }

            @Override
            public void write(byte[] bytes, int from, int count) throws IOException {
                try {
                    opened.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                written.write(bytes, from, count);
            }
        });
        var context = LogLines.context(writer);
        var line = "x".repeat(1000);
        for (var i = 0; i < 10_000; i++) {
            context.getLogger("shop").info(line);
        }
        context.getLogger("shop").error("waits a little");
        var dropped = writer.dropped();
        assertThat(dropped).isBetween(7000L, 9500L);
        opened.countDown();
        context.stop();
        assertThat(written.toString(StandardCharsets.UTF_8).lines().count()).isEqualTo(10_001 - dropped);
    }

    @Test
    void an_output_that_is_gone_is_survived() {
        var writer = new LogWriter(MESSAGE, new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        });
        var context = LogLines.context(writer);
        context.getLogger("shop").info("to nobody");
        context.stop();
        assertThat(writer.dropped()).isEqualTo(1);
    }

    @Test
    void a_value_that_cannot_be_written_harms_nobody_else() {
        var evil = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no text");
            }
        };
        var written = LogLines.written(new JsonLines(), "shop", log -> {
            log.atInfo().addKeyValue("evil", evil).log("first");
            log.info("second");
        });
        assertThat(written).contains("second");
    }
}
