package dev.slipway.testing;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Counts the statements that PostgreSQL's driver sends, for tests that something does not read row by row.
///
/// It counts what all services of this process send meanwhile, without the signs of life of connections that listen.
public final class SqlStatements {
    private static final String DRIVER = "org.postgresql.core.v3.QueryExecutorImpl";

    /// How the driver's log of its protocol shows a statement of the extended query protocol that is run.
    private static final String RUN = " FE=> Execute(";

    private SqlStatements() {}

    /// Runs something and answers how many statements were sent meanwhile.
    public static int during(Callable<?> work) throws Exception {
        var counted = new AtomicInteger();
        var counter = new Counter(counted);
        var driver = Logger.getLogger(DRIVER);
        var level = driver.getLevel();
        var shown = driver.getUseParentHandlers();
        driver.setUseParentHandlers(false);
        driver.addHandler(counter);
        driver.setLevel(Level.FINEST);
        try {
            work.call();
        } finally {
            driver.setLevel(level);
            driver.removeHandler(counter);
            driver.setUseParentHandlers(shown);
        }
        return counted.get();
    }

    private static final class Counter extends Handler {
        private final AtomicInteger counted;

        Counter(AtomicInteger counted) {
            this.counted = counted;
        }

        @Override
        public void publish(LogRecord line) {
            var listens = Thread.currentThread().getName().equals("postgres notifications");
            if (!listens && line.getMessage().startsWith(RUN)) {
                counted.incrementAndGet();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
