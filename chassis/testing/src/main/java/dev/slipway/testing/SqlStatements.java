package dev.slipway.testing;

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
/// It sees what all services of this process send meanwhile, without the signs of life of connections that listen.
public final class SqlStatements {
    private static final String DRIVER = "org.postgresql.core.v3.QueryExecutorImpl";

    /// How the driver's log of its protocol shows a statement of the extended query protocol that is run.
    private static final String RUN = " FE=> Execute(";

    /// The same for one that is sent for the first time, or is not to be prepared; its text follows.
    private static final String PARSED = " FE=> Parse(stmt=null,query=\"";

    /// The same by the simple query protocol, as the driver sends BEGIN; its text is a parameter of the line.
    private static final String SIMPLE = " FE=> SimpleQuery(query=\"{0}\")";

    /// What the driver and the pool say on a new connection.
    private static final List<String> OF_CONNECTING = List.of("SHOW TRANSACTION ISOLATION LEVEL", "SET ");

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
                .filter(text -> !text.isEmpty() && OF_CONNECTING.stream().noneMatch(text::startsWith))
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
            if (!Thread.currentThread().getName().equals("postgres notifications")) {
                var isSimple = line.getMessage().equals(SIMPLE);
                seen.add(isSimple ? PARSED + line.getParameters()[0] + "\",oids=" : line.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
