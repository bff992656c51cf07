package dev.slipway.testing;

import dev.slipway.core.CallContext;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Watches the statements that PostgreSQL's driver sends, for tests that something does not read row by row, or is done
/// in the transaction that it should be done in.
///
/// It sees what the calls of all services of this process send meanwhile: not what health checks and other work in the
/// background say, nor how the pool tries a connection.
public final class SqlStatements {
    private static final String DRIVER = "org.postgresql.core.v3.QueryExecutorImpl";

    /// How the driver's log of its protocol shows a statement of the extended query protocol that is run.
    private static final String RUN = " FE=> Execute(";

    /// The same for one that is sent for the first time, or is not to be prepared; its text follows.
    private static final String PARSED = " FE=> Parse(stmt=null,query=\"";

    /// The same by the simple query protocol, as the driver sends BEGIN; its text is a parameter of the line.
    private static final String SIMPLE = " FE=> SimpleQuery(query=\"{0}\")";

    private SqlStatements() {}

    /// Runs something and answers how many statements were sent meanwhile.
    public static int during(Callable<?> work) throws Exception {
        return Math.toIntExact(
                lines(work).stream().filter(line -> line.startsWith(RUN)).count());
    }

    /// Runs something and answers the texts that were sent meanwhile, with those that begin and end transactions. Of a
    /// service with `postgres.prepare-threshold=0`: a text that was prepared is not sent again.
    public static List<String> textsDuring(Callable<?> work) throws Exception {
        return lines(work).stream()
                .filter(line -> line.startsWith(PARSED))
                .map(line -> line.substring(PARSED.length(), line.lastIndexOf("\",oids=")))
                .map(text -> text.strip().replaceAll("\\s+", " "))
                .toList();
    }

    private static List<String> lines(Callable<?> work) throws Exception {
        var lines = new Lines();
        var driver = Logger.getLogger(DRIVER);
        var level = driver.getLevel();
        var shown = driver.getUseParentHandlers();
        driver.setUseParentHandlers(false);
        driver.addHandler(lines);
        driver.setLevel(Level.FINEST);
        try {
            work.call();
        } finally {
            driver.setLevel(level);
            driver.removeHandler(lines);
            driver.setUseParentHandlers(shown);
        }
        return lines.seen;
    }

    private static final class Lines extends Handler {
        private final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord line) {
            if (CallContext.CURRENT.isBound() && !isTrial()) {
                var isSimple = line.getMessage().equals(SIMPLE);
                seen.add(isSimple ? PARSED + line.getParameters()[0] + "\",oids=" : line.getMessage());
            }
        }

        /// The driver tries a connection by an empty statement.
        private static boolean isTrial() {
            return StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getMethodName().equals("isValid")));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
