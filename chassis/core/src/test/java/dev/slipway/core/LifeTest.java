package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LifeTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final List<String> events = new CopyOnWriteArrayList<>();

    @AfterAll
    static void closeClient() {
        CLIENT.close();
    }

    /// Writes down what happens to it.
    private class Part implements Component {
        private final String name;

        Part(String name) {
            this.name = name;
        }

        @Override
        public void start() throws InterruptedException {
            events.add("start " + name);
        }

        @Override
        public void beforeStop(Duration limit) {
            events.add("warn " + name);
        }

        @Override
        public void endIntake() {
            events.add("end " + name);
        }

        @Override
        public void drain(Duration limit) throws InterruptedException {
            events.add("drain " + name);
        }

        @Override
        public void close() {
            events.add("close " + name);
        }
    }

    private TestService shop(Part... parts) {
        return new TestService("shop", it -> List.of(parts).forEach(part -> it.component(part.name, part)));
    }

    /// Starts when the test says so, like a pool that waits for its database.
    private final class Waiting extends Part {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        Waiting() {
            super("waiting");
        }

        @Override
        public void start() throws InterruptedException {
            super.start();
            begun.countDown();
            goOn.await();
        }
    }

    private static HttpResponse<String> get(RunningService service, String path)
            throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(service.address("management").resolve(path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static int status(RunningService service, String path) throws IOException, InterruptedException {
        return get(service, path).statusCode();
    }

    @Test
    void components_start_in_order_and_stop_in_phases_each_in_reverse_order() throws Exception {
        var service = shop(new Part("a"), new Part("b")).startAndWait();
        assertThat(service.state()).isEqualTo(RunningService.State.READY);
        assertThat(service.name()).isEqualTo("shop");
        service.close();
        assertThat(service.state()).isEqualTo(RunningService.State.STOPPED);
        assertThat(events)
                .containsExactly(
                        "start a", "start b", "warn b", "warn a", "end b", "end a", "drain b", "drain a", "close b",
                        "close a");
    }

    @Test
    void components_prepare_while_those_before_them_start() throws Exception {
        var prepared = new CountDownLatch(1);
        var service = shop(
                        new Part("waiting") {
                            @Override
                            public void start() throws InterruptedException {
                                prepared.await();
                                super.start();
                            }
                        },
                        new Part("server") {
                            @Override
                            public void prepare() {
                                events.add("prepare server");
                                prepared.countDown();
                            }
                        })
                .startAndWait();
        service.close();
        assertThat(events).startsWith("prepare server", "start waiting", "start server");
    }

    @Test
    void a_preparation_that_fails_ends_the_start_also_of_a_part_that_waits() throws Exception {
        var waiting = new Waiting();
        var service = shop(waiting, new Part("b") {
                    @Override
                    public void prepare() {
                        try {
                            waiting.begun.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        throw new StartException("b.host: is not known", null);
                    }
                })
                .start();
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(service::awaitReady)
                .satisfies(e -> assertThat(e.reasons()).containsExactly("b.host: is not known"));
        assertThat(events).containsExactly("start waiting", "close b", "close waiting");
    }

    @Test
    void closing_a_service_that_prepares_gives_the_start_up() throws Exception {
        var begun = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var service = shop(new Part("slow") {
                    @Override
                    public void prepare() {
                        begun.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                        }
                    }
                })
                .start();
        begun.await();
        service.close();
        assertThat(interrupted.getCount()).isZero();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(service::awaitReady);
        assertThat(events).containsExactly("close slow");
    }

    @Test
    void health_tells_where_a_service_is_in_its_life() throws Exception {
        var waiting = new Waiting();
        var draining = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var server = new Part("server") {
            @Override
            public void drain(Duration limit) throws InterruptedException {
                draining.countDown();
                goOn.await();
            }
        };
        var service = new TestService("shop", it -> {
                    it.component("waiting", waiting);
                    it.component("server", server);
                    it.health("store", () -> new Health.Up("fine"));
                })
                .start();
        waiting.begun.await();
        assertThat(status(service, "/health/live")).isEqualTo(200);
        assertThat(status(service, "/health/started")).isEqualTo(503);
        assertThat(status(service, "/health/ready")).isEqualTo(503);
        waiting.goOn.countDown();
        service.awaitReady();
        assertThat(status(service, "/health/live")).isEqualTo(200);
        assertThat(status(service, "/health/started")).isEqualTo(200);
        assertThat(status(service, "/health/ready")).isEqualTo(200);
        var closer = Thread.startVirtualThread(service::close);
        draining.await();
        assertThat(status(service, "/health/live")).isEqualTo(200);
        assertThat(status(service, "/health/started")).isEqualTo(200);
        assertThat(get(service, "/health/ready").body()).contains("\"state\":\"draining\"");
        assertThat(status(service, "/health/ready")).isEqualTo(503);
        goOn.countDown();
        closer.join();
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> status(service, "/health/live"));
    }

    @Test
    void one_table_says_what_a_service_needs_outside_itself() throws Exception {
        try (var service = new TestService("shop", it -> {
                    it.uses(Use.Kind.CALL, "stock", "http");
                    it.uses(Use.Kind.CALL, "mail");
                    it.uses(Use.Kind.STORE, "orders", "postgresql");
                    it.uses(Use.Kind.CALL, "stock", "grpc");
                    it.uses(Use.Kind.CALL, "stock");
                })
                .startAndWait()) {
            assertThat(get(service, "/uses").body()).isEqualTo("""
                    [{"kind":"store","name":"orders","protocols":["postgresql"]},\
                    {"kind":"call","name":"mail","protocols":[]},\
                    {"kind":"call","name":"stock","protocols":["grpc","http"]}]
                    """);
        }
    }

    @Test
    void health_names_each_dependency_and_survives_checks_that_throw_or_hang() throws Exception {
        try (var service = new TestService("shop", it -> {
                    it.health("good", () -> new Health.Up("12 \"free\""));
                    it.health("bad", () -> new Health.Down("full\n"));
                    it.health("broken", () -> {
                        throw new IllegalStateException("password=hunter2");
                    });
                    it.health("hanging", () -> {
                        new CountDownLatch(1).await();
                        return new Health.Up("never");
                    });
                })
                .startAndWait()) {
            var health = get(service, "/health");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(health.body()).isEqualTo("""
                            {"service":"shop","status":"down","state":"ready","dependencies":{\
                            "good":{"status":"up","detail":"12 \\"free\\""},\
                            "bad":{"status":"down","detail":"full\\u000a"},\
                            "broken":{"status":"down","detail":"IllegalStateException"},\
                            "hanging":{"status":"down","detail":"no answer within 2 s"}}}
                            """);
            assertThat(status(service, "/health/ready")).isEqualTo(503);
            assertThat(status(service, "/health/live")).isEqualTo(200);
        }
    }

    @Test
    void a_service_without_a_dependency_that_it_can_do_without_is_degraded_and_ready() throws Exception {
        var rates = new AtomicReference<Health>(new Health.Up("fresh"));
        var store = new AtomicReference<Health>(new Health.Up(""));
        var wired = new AtomicReference<Assembly>();
        try (var service = new TestService("shop", it -> {
                    it.health("store", store::get);
                    it.optionalHealth("rates", rates::get);
                    wired.set(it);
                })
                .startAndWait()) {
            assertThat(wired.get().dependencies()).containsExactly("store", "rates");
            assertThat(wired.get().lastHealth("rates")).isEmpty();
            assertThat(get(service, "/health/ready").body()).contains("\"status\":\"up\",\"state\":\"ready\"");

            rates.set(new Health.Down("stale"));
            for (var path : List.of("/health/ready", "/health")) {
                assertThat(get(service, path).statusCode()).isEqualTo(200);
                assertThat(get(service, path).body()).isEqualTo("""
                                {"service":"shop","status":"degraded","state":"ready","dependencies":{\
                                "store":{"status":"up","detail":""},\
                                "rates":{"status":"down","required":false,"detail":"stale"}}}
                                """);
            }
            assertThat(wired.get().isReady()).isTrue();
            assertThat(wired.get().lastHealth("rates")).contains(new Health.Down("stale"));

            store.set(new Health.Down("full"));
            assertThat(get(service, "/health/ready").body()).contains("\"status\":\"down\",\"state\":\"ready\"");
            assertThat(status(service, "/health/ready")).isEqualTo(503);
            assertThat(wired.get().isReady()).isFalse();
        }
    }

    @Test
    void the_management_port_serves_what_is_added_and_nothing_else() throws Exception {
        try (var service = withExtra().startAndWait()) {
            assertThat(status(service, "/extra")).isEqualTo(202);
            assertThat(status(service, "/health/other")).isEqualTo(404);
            assertThat(status(service, "/nothing")).isEqualTo(404);
            assertThat(get(service, "/").body())
                    .isEqualTo(
                            "{\"service\":\"shop\",\"environment\":\"test\",\"links\":"
                                    + "[{\"name\":\"Health\",\"href\":\"/health\"},{\"name\":\"Uses\",\"href\":\"/uses\"},{\"name\":\"Extra\",\"href\":\"/extra\"}]}\n");
            var head = HttpRequest.newBuilder(service.address("management").resolve("/health"))
                    .method("HEAD", HttpRequest.BodyPublishers.noBody());
            assertThat(send(head).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health/",
                "/health/live/",
                "//health",
                "/health//live",
                "/x/../health",
                "/health/./live",
                "/health/live;x",
                "/health/%6cive",
                "/health%2Flive",
                "/extra/more",
                "/extras",
                "/extra/../extra",
                "/%65xtra",
                "/extra;x",
                "/%2e",
                "//",
                "/;x"
            })
    void the_management_port_serves_a_path_by_its_one_spelling(String path) throws Exception {
        try (var service = withExtra().startAndWait()) {
            assertThat(raw(service, "GET " + path)).matches("(?s)HTTP/1.1 40[04] .*");
        }
    }

    @Test
    void the_management_port_is_only_read() throws Exception {
        try (var service = withExtra().startAndWait()) {
            for (var method : List.of("POST", "PUT", "DELETE", "OPTIONS", "get", "head", "FOO")) {
                for (var path : List.of("/", "/health", "/health/live", "/uses", "/extra")) {
                    assertThat(raw(service, method + " " + path))
                            .startsWith("HTTP/1.1 405 ")
                            .contains("Allow: GET, HEAD\r\n");
                }
            }
            assertThat(raw(service, "\r\nGET /extra")).startsWith("HTTP/1.1 202 ");
            assertThat(raw(service, "GET http://x/extra?x")).startsWith("HTTP/1.1 202 ");
        }
    }

    @Test
    void a_path_of_the_management_port_belongs_to_one_part() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TestService("shop", it -> it.management("/health", exchange -> {})).start())
                .withMessage("/health is served already");
    }

    private static TestService withExtra() {
        return new TestService(
                "shop",
                it -> it.management("/extra", exchange -> {
                    exchange.sendResponseHeaders(202, -1);
                    exchange.close();
                }));
    }

    private static String raw(RunningService service, String begin) throws IOException {
        var address = service.address("management");
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write((begin + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void a_taken_management_port_is_refused_by_the_name_of_its_setting() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(StartException.class)
                    .isThrownBy(() -> new TestService("shop", it -> {})
                            .start("--service.management-port=" + taken.getLocalPort()))
                    .withMessageContaining(
                            "service.management-port: cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void all_ports_that_cannot_be_had_are_told_at_once_before_anything_starts() throws Exception {
        try (var first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var shared = freePort();
            var definition = new TestService("shop", it -> {
                it.component("a", new Part("a"));
                it.listens(() -> at("first.", "127.0.0.1", first.getLocalPort()));
                it.listens(() -> at("one.", "127.0.0.1", shared));
                it.listens(() -> at("other.", "127.0.0.1", shared));
                it.listens(() -> at("lost.", "no.such.host.invalid", 0));
                it.listens(() -> at("any.", "127.0.0.1", 0));
            });

            assertThatExceptionOfType(StartException.class)
                    .isThrownBy(() -> definition.start("--service.management-port=" + second.getLocalPort()))
                    .satisfies(e -> assertThat(e.reasons())
                            .extracting(reason -> reason.replaceFirst(":.*", ""))
                            .containsExactly("first.port", "other.port", "lost.host", "service.management-port"));
            assertThat(events).containsExactly("close a");
            try (var again = new ServerSocket(shared, 1, InetAddress.getLoopbackAddress())) {
                assertThat(again.isBound()).isTrue();
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static BindAddress at(String prefix, String host, int port) {
        return BindAddress.of(prefix, Optional.of(host), port, Environment.TEST);
    }

    @Test
    void an_unknown_management_host_is_refused_by_the_name_of_its_setting() {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(
                        () -> new TestService("shop", it -> {}).start("--service.management-host=no.such.host.invalid"))
                .withMessageContaining("service.management-host: no.such.host.invalid is not known");
    }

    @Test
    void closing_a_service_that_waits_for_a_dependency_gives_the_start_up() throws Exception {
        var waiting = new Waiting();
        var service = shop(new Part("a"), waiting, new Part("c")).start();
        waiting.begun.await();
        service.close();
        assertThat(service.state()).isEqualTo(RunningService.State.STOPPED);
        assertThatExceptionOfType(CancellationException.class).isThrownBy(service::awaitReady);
        assertThat(events)
                .containsExactly("start a", "start waiting", "end a", "drain a", "close c", "close waiting", "close a");
    }

    @Test
    void a_component_that_swallows_the_interrupt_does_not_make_a_closed_service_ready() throws Exception {
        var begun = new CountDownLatch(1);
        var stubborn = new Part("stubborn") {
            @Override
            public void start() {
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void drain(Duration limit) throws InterruptedException {
                super.drain(limit);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                events.add("drained stubborn");
            }
        };
        var service = shop(stubborn, new Part("b")).start();
        begun.await();
        service.close();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(service::awaitReady);
        assertThat(events)
                .containsExactly("end stubborn", "drain stubborn", "drained stubborn", "close b", "close stubborn");
    }

    @Test
    void a_start_that_fails_closes_all_parts() throws Exception {
        var service = shop(
                        new Part("a"),
                        new Part("b") {
                            @Override
                            public void start() {
                                throw new StartException("b.port: is taken", null);
                            }
                        },
                        new Part("c"))
                .start();
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(service::awaitReady)
                .satisfies(e -> assertThat(e.reasons()).containsExactly("b.port: is taken"));
        assertThat(service.state()).isEqualTo(RunningService.State.STOPPED);
        assertThat(events).containsExactly("start a", "end a", "drain a", "close c", "close b", "close a");
        service.close();
    }

    @Test
    void an_error_during_the_start_is_a_failure_too() throws Exception {
        var service = shop(new Part("a") {
                    @Override
                    public void start() {
                        throw new NoClassDefFoundError("a/Driver");
                    }
                })
                .start();
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(service::awaitReady)
                .withMessageContaining("a/Driver");
    }

    @Test
    void a_component_that_fails_to_stop_does_not_keep_the_others_open() throws Exception {
        var service = shop(new Part("a"), new Part("b") {
                    @Override
                    public void beforeStop(Duration limit) {
                        throw new IllegalStateException("warn");
                    }

                    @Override
                    public void endIntake() {
                        throw new NoClassDefFoundError("b/End");
                    }

                    @Override
                    public void drain(Duration limit) {
                        throw new IllegalStateException("drain");
                    }

                    @Override
                    public void close() {
                        throw new IllegalStateException("close");
                    }
                })
                .startAndWait();
        service.close();
        assertThat(events).endsWith("warn a", "end a", "drain a", "close a");
    }

    @Test
    void closing_twice_and_at_once_closes_once() throws Exception {
        var service = shop(new Part("a")).startAndWait();
        var first = Thread.startVirtualThread(service::close);
        var second = Thread.startVirtualThread(service::close);
        first.join();
        second.join();
        service.close();
        assertThat(events).containsExactly("start a", "warn a", "end a", "drain a", "close a");
    }

    @Test
    void an_interrupt_of_who_closes_does_not_cut_the_stop_short() throws Exception {
        var draining = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var service = shop(new Part("a") {
                    @Override
                    public void drain(Duration limit) throws InterruptedException {
                        draining.countDown();
                        goOn.await();
                        super.drain(limit);
                    }
                })
                .startAndWait();
        var interrupted = new AtomicReference<Boolean>();
        var closer = Thread.startVirtualThread(() -> {
            service.close();
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        draining.await();
        closer.interrupt();
        goOn.countDown();
        closer.join();
        assertThat(events).containsExactly("start a", "warn a", "end a", "drain a", "close a");
        assertThat(interrupted.get()).isTrue();
    }

    @Test
    void the_limits_of_all_drains_end_at_one_deadline() throws Exception {
        var limits = new CopyOnWriteArrayList<Duration>();
        var service = new TestService("shop", it -> {
                    for (var name : List.of("a", "b")) {
                        it.component(name, new Part(name) {
                            @Override
                            public void drain(Duration limit) {
                                limits.add(limit);
                            }
                        });
                    }
                })
                .startAndWait("--service.drain-timeout=5s", "--service.shutdown-delay=1ms");
        service.close();
        assertThat(limits).hasSize(2).isSortedAccordingTo((left, right) -> right.compareTo(left));
        assertThat(limits.getFirst()).isLessThanOrEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void every_component_is_told_before_any_is_waited_for() throws Exception {
        var told = new CountDownLatch(1);
        var waitedFor = new AtomicReference<Boolean>();
        var service = shop(
                        new Part("first") {
                            @Override
                            public void endIntake() {
                                told.countDown();
                            }
                        },
                        new Part("last") {
                            @Override
                            public void drain(Duration limit) throws InterruptedException {
                                waitedFor.set(told.await(limit.toNanos(), TimeUnit.NANOSECONDS));
                            }
                        })
                .startAndWait();
        service.close();
        assertThat(waitedFor.get()).isTrue();
    }

    @Test
    void what_is_waited_for_before_the_stop_is_lost_to_the_work_in_flight() throws Exception {
        var left = new CopyOnWriteArrayList<Duration>();
        var service = shop(
                        new Part("first") {
                            @Override
                            public void beforeStop(Duration limit) {
                                left.add(limit);
                            }

                            @Override
                            public void drain(Duration limit) {
                                left.add(limit);
                            }
                        },
                        new Part("slow") {
                            @Override
                            public void beforeStop(Duration limit) {
                                var end = System.nanoTime() + limit.toNanos();
                                while (System.nanoTime() - end < 0) {
                                    Thread.onSpinWait();
                                }
                            }
                        })
                .startAndWait("--service.drain-timeout=20ms");
        service.close();
        assertThat(left).containsExactly(Duration.ZERO, Duration.ZERO);
    }

    @Test
    void a_stop_that_may_outlast_the_platforms_patience_is_refused() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> new TestService("shop", it -> {})
                        .start("--service.drain-timeout=25s", "--service.shutdown-delay=5s"))
                .withMessageContaining(
                        "service.termination-grace must be longer than shutdown-delay and drain-timeout together");
    }

    @Test
    void all_refusals_of_the_wiring_are_reported_at_once_and_what_was_opened_is_closed() {
        var definition = new TestService("shop", it -> {
            it.component("a", new Part("a"));
            it.refuse("one");
            it.refuse("two");
            it.refuse("one");
        });
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(definition::start)
                .satisfies(e -> assertThat(e.reasons()).containsExactly("one", "two"));
        assertThat(events).containsExactly("close a");
    }

    @Test
    void a_name_is_used_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> shop(new Part("a"), new Part("a")).start())
                .withMessage("\"a\" was added twice");
    }

    @Test
    void addresses_are_known_by_their_protocol() throws Exception {
        try (var service = new TestService("shop", it -> it.address("http", () -> URI.create("http://localhost:1")))
                .startAndWait()) {
            assertThat(service.address("http")).hasPort(1);
            assertThatIllegalArgumentException().isThrownBy(() -> service.address("grpc"));
        }
    }

    @Test
    void two_services_and_two_copies_of_one_run_side_by_side() throws Exception {
        var orders =
                new TestService("order", it -> it.health("environment " + it.environment(), () -> new Health.Up("")));
        var users = new TestService("user", it -> it.health("users", () -> new Health.Down("")));
        var first = orders.startAndWait();
        try (var second = orders.startAndWait("--service.environment=development");
                var other = users.startAndWait()) {
            assertThat(List.of(first.address("management"), second.address("management"), other.address("management")))
                    .doesNotHaveDuplicates();
            assertThat(get(first, "/health").body()).contains("\"order\"", "environment TEST");
            assertThat(get(second, "/health").body()).contains("\"order\"", "environment DEVELOPMENT");
            assertThat(get(other, "/health").body()).contains("\"user\"").doesNotContain("environment");
            assertThat(status(other, "/health/ready")).isEqualTo(503);
            first.close();
            assertThat(second.state()).isEqualTo(RunningService.State.READY);
            assertThat(status(second, "/health/ready")).isEqualTo(200);
        }
    }
}
