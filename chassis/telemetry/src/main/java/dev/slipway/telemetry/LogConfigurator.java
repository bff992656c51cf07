package dev.slipway.telemetry;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.jul.LevelChangePropagator;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Sets up the log of the process, before its first line; Logback finds it by [java.util.ServiceLoader].
///
/// JSON lines on standard output, or text for people if that is a terminal; `SLIPWAY_LOG_FORMAT` (`json` or `text`)
/// decides otherwise. `NO_COLOR` and `TERM=dumb` are respected. What is logged by `java.util.logging` and
/// [System.Logger] comes too. A process with a Logback file of its own keeps to that.
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class LogConfigurator extends ContextAwareBase implements Configurator {

    /// They announce themselves at INFO; what matters of their start the chassis says itself.
    private static final List<String> TALKATIVE = List.of("io.helidon", "com.zaxxer.hikari", "org.hibernate");

    /// It tells of each broken connection with a stack, and whoever used the connection tells of it again; one that was
    /// interrupted, because its client has gone, is no news at all.
    private static final String REPEATED = "com.zaxxer.hikari.pool.ProxyConnection";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (hasOwnFile()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        var writer = new LogWriter(format(System.getenv(), isTerminal()), System.out);
        writer.setContext(context);
        writer.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(writer);
        TALKATIVE.forEach(logger -> context.getLogger(logger).setLevel(Level.WARN));
        context.getLogger(REPEATED).setLevel(Level.ERROR);
        bridgeJavaLogging(context);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("log end").unstarted(writer::finish));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    static LineFormat format(Map<String, String> environment, boolean terminal) {
        var text = switch (environment.getOrDefault("SLIPWAY_LOG_FORMAT", "")) {
            case "json" -> false;
            case "text" -> true;
            default -> terminal;
        };
        var colour = terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
        return text ? new TextLines(ZoneId.systemDefault(), colour) : new JsonLines();
    }

    /// JDK 22 to 24 always had a console, JDK 25 has none again where there is no terminal (JDK-8351435).
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    private static boolean hasOwnFile() {
        return System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null
                || Stream.of(ClassicConstants.TEST_AUTOCONFIG_FILE, ClassicConstants.AUTOCONFIG_FILE)
                        .anyMatch(file -> LogConfigurator.class.getClassLoader().getResource(file) != null);
    }

    private static void bridgeJavaLogging(LoggerContext context) {
        var levels = new LevelChangePropagator();
        levels.setContext(context);
        levels.setResetJUL(true);
        levels.start();
        context.addListener(levels);
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }
}
