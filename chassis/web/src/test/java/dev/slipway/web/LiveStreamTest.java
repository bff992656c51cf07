package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.core.Time;
import dev.slipway.operation.Failures;
import dev.slipway.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LiveStreamTest {
    private static final Time TIME = Time.system();
    private static final byte[] BEAT = {':'};
    private static final Set<Thread.State> STOPPED = Set.of(Thread.State.WAITING, Thread.State.TERMINATED);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final CompletableFuture<LiveStream> stopped = new CompletableFuture<>();
    private final LiveStream stream = new LiveStream(out, BEAT, () -> {}, false, TIME);

    /// A stream whose check fails.
    private LiveStream expired() {
        return new LiveStream(
                out,
                BEAT,
                () -> {
                    throw new IllegalStateException("the token has expired");
                },
                false,
                TIME);
    }

    @AfterEach
    void leave_no_interrupt() {
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void a_silent_stream_gets_a_heartbeat_and_a_busy_one_does_not() {
        stream.heartbeat(Duration.ofHours(1));
        assertThat(out.size()).isZero();
        stream.heartbeat(Duration.ZERO);
        assertThat(out.toByteArray()).isEqualTo(BEAT);
    }

    @Test
    void a_heartbeat_that_comes_late_does_not_reach_the_next_request() {
        stream.close();
        stream.heartbeat(Duration.ZERO);

        assertThat(out.size()).isZero();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> stream.write(BEAT));
        assertThat(out.size()).isZero();
    }

    @Test
    void an_end_that_comes_late_does_not_interrupt_the_next_request() {
        stream.close();
        stream.end();

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void a_check_or_a_write_that_fails_late_does_not_interrupt_the_next_request() {
        var refused = expired();
        refused.close();
        refused.heartbeat(Duration.ZERO);

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void a_stream_that_is_stopped_has_a_last_word_and_nothing_after_it() throws Exception {
        stream.stop(Failures.STOPPING);
        stream.stop(Failures.GONE);
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> stream.write(BEAT));
        stream.heartbeat(Duration.ZERO);
        assertThat(out.size()).isZero();

        assertThat(stream.end(why -> why.code().getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        stream.close();

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("stopping");
    }

    @Test
    void a_stream_that_is_cut_off_has_no_last_word() throws Exception {
        stream.stop(Failures.STOPPING);
        stream.end();
        assertThat(stream.end(why -> BEAT)).isFalse();
        stream.close();

        assertThat(out.size()).isZero();
    }

    @Test
    void who_writes_is_not_interrupted_before_it_has_written() throws Exception {
        var happened = new CopyOnWriteArrayList<String>();
        var client = new Stalling(() -> happened.add("written"));
        var writer = Thread.ofVirtual().start(() -> {
            try {
                var slow = new LiveStream(client, BEAT, () -> {}, false, TIME);
                stopped.complete(slow);
                slow.write(BEAT);
                happened.add("interrupted: " + Thread.currentThread().isInterrupted());
            } catch (InterruptedException e) {
                happened.add("broken");
            }
        });
        client.begun.await();
        stopped.get().stop(Failures.STOPPING);
        client.goOn.countDown();
        writer.join();

        assertThat(happened).containsExactly("written", "interrupted: true");
    }

    @Test
    void an_interrupt_that_was_meant_for_the_stream_goes_with_it() {
        stream.end();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        stream.close();

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void an_interrupt_of_somebody_else_stays() {
        Thread.currentThread().interrupt();
        stream.close();

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void the_stream_ends_when_the_check_fails_or_the_client_has_gone() {
        var refused = expired();
        refused.heartbeat(Duration.ZERO);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(out.size()).isZero();

        var broken = new LiveStream(
                new OutputStream() {
                    @Override
                    public void write(int octet) {
                        throw new UncheckedIOException(new IOException("gone"));
                    }
                },
                BEAT,
                () -> {},
                false,
                TIME);
        broken.heartbeat(Duration.ZERO);
        assertThat(Thread.interrupted()).isTrue();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> broken.write(BEAT));
    }

    @Test
    void a_stream_without_heartbeats_is_checked_too() throws Exception {
        var checked = new CountDownLatch(1);
        new LiveStream(out, new byte[0], checked::countDown, false, TIME).beat(Duration.ofHours(1));

        checked.await();
        assertThat(out.size()).isZero();
    }

    @Test
    void a_stream_that_is_always_writing_is_checked_too() throws Exception {
        var client = new Stalling(() -> {});
        var slow = new LiveStream(client, BEAT, client.goOn::countDown, false, TIME);
        var writer = Thread.ofVirtual().start(() -> {
            try {
                slow.write(BEAT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        client.begun.await();
        slow.beat(Duration.ofHours(1));

        writer.join();
    }

    @Test
    void the_connection_is_free_only_when_a_heartbeat_on_its_way_is_written() throws Exception {
        var happened = new CopyOnWriteArrayList<String>();
        var client = new Stalling(() -> happened.add("written"));
        var slow = new LiveStream(client, BEAT, () -> {}, false, TIME);
        var beating = Thread.ofVirtual().start(() -> slow.heartbeat(Duration.ZERO));
        client.begun.await();
        var closing = Thread.ofVirtual().start(() -> {
            slow.close();
            happened.add("closed");
        });
        Await.until("the stream waits to be closed", () -> STOPPED.contains(closing.getState()));
        client.goOn.countDown();
        beating.join();
        closing.join();

        assertThat(happened).containsExactly("written", "closed");
    }

    /// Stands still in the middle of a write until it may go on.
    private static final class Stalling extends OutputStream {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final Runnable written;

        Stalling(Runnable written) {
            this.written = written;
        }

        @Override
        public void write(int octet) throws IOException {
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            written.run();
        }
    }
}
