package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.core.Assembly;
import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.RunningService;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.SettingsSources;
import dev.slipway.core.Slipway;
import dev.slipway.core.Time;
import dev.slipway.operation.InMemoryIdempotency;
import dev.slipway.operation.Operations;
import dev.slipway.operation.ProtocolHost;
import dev.slipway.security.LimitSettings;
import dev.slipway.security.RateLimits;
import dev.slipway.testkit.NoInfrastructure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A service with the given routes, and clients for it. A token `x` stands for the subject `x`.
final class Api implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    record Sections(HttpSettings http, LimitSettings limits) {}

    private final ServiceDefinition<Sections> definition;
    private final RunningService service;
    final HttpClient client = HttpClient.newHttpClient();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            events.add(event);
            if (event.getThrowableProxy() != null || event.getLevel().isGreaterOrEqual(Level.WARN)) {
                faults.add(event.getLoggerName() + ": " + event.getFormattedMessage() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : event.getThrowableProxy().getClassName()
                                        + event.getThrowableProxy().getMessage()));
            }
        }
    };

    /// What the web server's own library says.
    private final Handler library = new Handler() {
        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue()) {
                faults.add(line.getLoggerName() + ": " + line.getMessage() + " " + line.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    Api(Consumer<Rest> wiring, String... arguments) throws InterruptedException {
        definition = new ServiceDefinition<>("shop", Sections.class) {
            @Override
            public void assemble(Assembly assembly, Sections settings) {
                var kept = new InMemoryIdempotency(assembly.clock());
                var operations = Operations.open(assembly, Api::authenticate)
                        .limits(RateLimits.open(assembly, settings.limits(), meters))
                        .transactions(kept)
                        .idempotency(kept, Duration.ofHours(1));
                wiring.accept(Rest.open(ProtocolHost.of(assembly, meters, operations), settings.http()));
            }
        };
