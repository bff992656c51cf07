package dev.slipway.security;

import dev.slipway.core.Component;
import dev.slipway.core.Health;
import dev.slipway.core.Time;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys of an issuer, fetched from its JWK set URL: regularly in the background, and out of turn for a key id that
/// is not known, at most once in [#LEAST_INTERVAL]. Keys that could not be fetched anew are used for a while.
///
/// Nimbus has a source of this kind; this one goes by the service's [Time], refuses what must not be in the set, and
/// keeps the identity of keys that have not changed, on which the cache of verified tokens rests.
final class FetchedKeys implements KeySource, Component {
    private static final Logger LOG = LoggerFactory.getLogger("security");

    static final Duration LEAST_INTERVAL = Duration.ofSeconds(10);
    private static final Duration TIME_LIMIT = Duration.ofSeconds(3);
    private static final int MOST_BYTES = 256 * 1024;

    /// @param refused what was in the set with them and must not be
    /// @param at when they were last seen to be the issuer's keys
    private record Known(KeySet keys, List<String> refused, Instant at) {}

    private final URI url;
    private final TokenSettings settings;
    private final Optional<String> developmentKey;
    private final Time time;
    private final Clock clock;
    private final Consumer<Boolean> outcome;
    private final ReentrantLock fetching = new ReentrantLock();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Known known;
    private @Nullable Instant lastAttempt;

    /// @param outcome told of each fetch whether it brought keys
    FetchedKeys(
            URI url, TokenSettings settings, Optional<String> developmentKey, Time time, Consumer<Boolean> outcome) {
        this.url = url;
        this.settings = settings;
        this.developmentKey = developmentKey;
        this.time = time;
        this.clock = time.clock();
        this.outcome = outcome;
    }

    /// Tries once, so that keys are usually there when the first call comes; then keeps them fresh in the background.
    @Override
    public void start() throws InterruptedException {
        fetch(Duration.ZERO);
        Thread.ofVirtual().name("keys of " + url).start(this::keepFresh);
    }

    @Override
    public void close() {
        closed.countDown();
    }

    @Override
    public Optional<KeySet> current() {
        var now = known;
        return now == null || now.at().plus(settings.keysOutage()).isBefore(clock.instant())
                ? Optional.empty()
                : Optional.of(now.keys());
    }

    @Override
    public Optional<KeySet> lookingFor(String keyId) {
        var keys = current();
        if (keys.isPresent() && keys.get().keys().containsKey(keyId)) {
            return keys;
        }
        try {
            fetch(LEAST_INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return current();
    }

    Health health() {
        var now = known;
        if (now == null || current().isEmpty()) {
            return new Health.Down("no keys from " + url);
        }
        var found = now.keys().keys().size() + " keys of " + now.at();
        return new Health.Up(
                now.refused().isEmpty() ? found : found + ", without " + String.join(" and ", now.refused()));
    }

    private void keepFresh() {
        try {
            var fresh = known != null;
            while (!time.await(closed, (fresh ? settings.keysRefresh() : LEAST_INTERVAL).toNanos())) {
                fresh = fetch(Duration.ZERO);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Fetches unless that was tried less than `interval` ago; callers that come meanwhile wait for the one under way.
    private boolean fetch(Duration interval) throws InterruptedException {
        fetching.lockInterruptibly();
        try {
            if (isWithin(interval)) {
                return false;
            }
            lastAttempt = clock.instant();
            accept(KeySet.parse(download(), developmentKey));
            outcome.accept(true);
            return true;
        } catch (IOException | ParseException | RuntimeException e) {
            // Whatever is wrong with this answer, the next one may be right.
            LOG.warn("The keys of {} could not be fetched: {}", url, e.toString());
            outcome.accept(false);
            return false;
        } finally {
            fetching.unlock();
        }
    }

    /// Whether the last attempt is less than that ago; a clock that is before it has been set back.
    private boolean isWithin(Duration interval) {
        var now = clock.instant();
        return lastAttempt != null && now.isBefore(lastAttempt.plus(interval)) && !now.isBefore(lastAttempt);
    }

    private void accept(KeySet fetched) throws IOException {
        fetched.refused().forEach(what -> LOG.error("{} offers {}; that key is ignored", url, what));
        if (fetched.keys().isEmpty()) {
            throw new IOException("no usable key in it");
        }
        var before = known;
        if (before != null && before.keys().sameKeysAs(fetched)) {
            known = new Known(before.keys(), fetched.refused(), clock.instant());
        } else {
            known = new Known(fetched, fetched.refused(), clock.instant());
            LOG.info("{} has the keys {}", url, fetched.keys().keySet());
        }
    }

    /// A client of its own for each download, which is rare: so none has to be kept, and none can hang for ever.
    private String download() throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(url).header("Accept", "application/json").build();
        try (var http = HttpClient.newBuilder().connectTimeout(TIME_LIMIT).build()) {
            try {
                var response = http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BYTES))
                        .get(TIME_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                return body(response);
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException(e.getCause() == null ? "no answer in time" : String.valueOf(e.getCause()), e);
            } finally {
                http.shutdownNow();
            }
        }
    }

    private static String body(HttpResponse<String> response) throws IOException {
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return response.body();
    }
}
