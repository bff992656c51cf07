package dev.slipway.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import com.sun.net.httpserver.HttpExchange;
import dev.slipway.core.Assembly;
import dev.slipway.core.Component;
import dev.slipway.core.Health;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The metrics of one service, and its say in the log of the process.
///
/// Metrics are served at `/metrics` on the management port, as Prometheus or OpenMetrics text, whichever is asked for.
/// Each carries the tag `service`.
public final class Telemetry {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();

    private Telemetry(String service, TelemetrySettings settings) {
        registry.config()
                .commonTags(List.of(Tag.of("service", service)))
                .meterFilter(new SeriesLimit(settings.maxSeries(), Set.of("service")));
        logContext().ifPresent(log -> {
            setLevels(log, settings);
            LogWriter.of(log).ifPresent(this::bindLog);
        });
    }

    /// Opens the telemetry of a service; it closes with it. Add it first, so that it is closed last.
    public static Telemetry open(Assembly service, TelemetrySettings settings) {
        var telemetry = new Telemetry(service.name(), settings);
        service.component("telemetry", new Component() {
            @Override
            public void prepare() {
                telemetry.bindJvm();
            }

            @Override
            public void start() {
                service.dependencies().forEach(dependency -> telemetry.bindHealth(service, dependency));
            }

            @Override
            public void close() {
                telemetry.gc.close();
                telemetry.registry.close();
            }
        });
        service.management("/metrics", telemetry::serve);
        return telemetry;
    }

    /// Where meters are registered; combinations of tag values past the limit are counted together.
    public MeterRegistry registry() {
        return registry;
    }

    private void bindJvm() {
        new JvmMemoryMetrics().bindTo(registry);
        gc.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        var scheduler = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
        Gauge.builder(
                        "jvm.threads.virtual.mounted",
                        scheduler,
                        VirtualThreadSchedulerMXBean::getMountedVirtualThreadCount)
                .description("Virtual threads that run at the moment, one on each carrier")
                .register(registry);
        Gauge.builder(
                        "jvm.threads.virtual.queued",
                        scheduler,
                        VirtualThreadSchedulerMXBean::getQueuedVirtualThreadCount)
                .description("Virtual threads that could run and wait for a carrier")
                .register(registry);
        Gauge.builder("jvm.threads.virtual.carriers", scheduler, VirtualThreadSchedulerMXBean::getPoolSize)
                .description("Platform threads that carry virtual ones")
                .register(registry);
    }

    private void bindHealth(Assembly service, String dependency) {
        Gauge.builder(
                        "dependency.up",
                        () -> service.lastHealth(dependency)
                                .map(health -> health instanceof Health.Up ? 1.0 : 0.0)
                                .orElse(Double.NaN))
                .description("1 or 0, as health or readiness found the dependency when it was last asked for")
                .tag("dependency", dependency)
                .tag("required", String.valueOf(service.isRequired(dependency)))
                .register(registry);
    }

    private void bindLog(LogWriter writer) {
        for (var level : List.of(Level.ERROR, Level.WARN, Level.INFO)) {
            FunctionCounter.builder("log.lines", writer, it -> it.lines(level))
                    .description("Lines logged by this process")
                    .tag("level", level.toString().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        FunctionCounter.builder("log.dropped", writer, LogWriter::dropped)
                .description("Lines that this process lost because standard output was too slow")
                .register(registry);
    }

    private static void setLevels(LoggerContext log, TelemetrySettings settings) {
        log.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.convertAnSLF4JLevel(settings.level()));
        settings.byLogger().forEach((name, level) -> log.getLogger(name).setLevel(Level.convertAnSLF4JLevel(level)));
    }

    /// Empty if SLF4J was given another logger than Logback, whose business all this is then.
    private static Optional<LoggerContext> logContext() {
        return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                ? Optional.of(context)
                : Optional.empty();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var accepted = String.valueOf(exchange.getRequestHeaders().getFirst("Accept"));
            var type = accepted.contains("application/openmetrics-text") ? OPEN_METRICS : PROMETHEUS;
            var body = registry.scrape(type).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            var head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(200, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }
}
