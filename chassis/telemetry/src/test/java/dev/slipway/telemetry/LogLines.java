package dev.slipway.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.core.TraceContext;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What comes out of a logger, on its whole way.
final class LogLines {
    static final CallContext CALL = new CallContext(
            "user",
            "getProfile",
            "req-1",
            new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true),
            new Caller.Authenticated("ada", Optional.of("acme"), Set.of(), Set.of()),
            Optional.empty());

    /// The same, which a message made.
    static final CallContext CAUSED = new CallContext(
            CALL.service(),
            CALL.operation(),
            CALL.requestId(),
            CALL.trace(),
            CALL.caller(),
            "",
            Optional.empty(),
            "order-7",
            Optional.of("message-3"));

    private LogLines() {}

    static LoggerContext context(LogWriter writer) {
        var context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.start();
        writer.setContext(context);
        writer.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(writer);
        return context;
    }

    /// All that the format makes of what is logged by a logger of this name.
    static String written(LineFormat format, String logger, Consumer<Logger> logging) {
        var out = new ByteArrayOutputStream();
        var context = context(new LogWriter(format, out));
        logging.accept(context.getLogger(logger));
        context.stop();
        return out.toString(StandardCharsets.UTF_8);
    }

    /// The one JSON line that is logged, parsed; JSON is YAML, and a duplicate key is an error.
    @SuppressWarnings("unchecked") // the keys of a JSON object are texts
    static Map<String, Object> json(Consumer<Logger> logging) {
        var text = written(new JsonLines(), "dev.slipway.Shop", logging);
        if (text.indexOf('\n') != text.length() - 1) {
            throw new AssertionError("not one line: " + text);
        }
        var settings = LoadSettings.builder().setAllowDuplicateKeys(false).build();
        return (Map<String, Object>) new Load(settings).loadFromString(text);
    }

    /// Secrets as they stray into logs; each holds the word `canary`.
    static List<String> canaries() {
        return List.of(
                "password=canary",
                "Password: canary",
                "{\"password\":\"canary canary\"}",
                "{'client_secret': 'canary'}",
                "api-key=canary",
                "X-Api-Key: canary",
                "access_token=canary&x=1",
                "Authorization: Basic canary",
                "Authorization: Digest a=canary, b=canary",
                "Set-Cookie: a=canary; b=canary; Path=/",
                "authorization=Bearer canary-canary",
                "sent Bearer canary.canary.canary",
                "sent BEARER canary.canary.canary",
                "token eyJcanary.eyJcanary.canary",
                "jdbc:postgresql://shop:canary@db/shop",
                "redis://:canary@cache:6379");
    }
}
