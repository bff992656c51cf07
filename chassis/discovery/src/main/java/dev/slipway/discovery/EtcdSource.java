package dev.slipway.discovery;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The instances that have registered in etcd.
///
/// Everything is read again each refresh interval; in between a watch brings the changes. So a connection that has died
/// unnoticed, or a change that has been compacted away, costs one interval at most.
final class EtcdSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(EtcdSource.class);

    private static final int LONGEST_KEY = 1_000;

    private final EtcdClient etcd;
    private final String prefix;
    private final Duration refresh;
    private final Clock clock;
    private final TreeMap<String, Instance> current = new TreeMap<>();
    private final TreeMap<String, Instance> forgotten = new TreeMap<>();
    private long forgottenUntil;
    private long revision;

    EtcdSource(EtcdClient etcd, String service, Duration refresh, Clock clock) {
        this.etcd = etcd;
        this.prefix = etcd.prefixOf(service);
        this.refresh = refresh;
        this.clock = clock;
    }

    @Override
    public void follow(Consumer<Collection<Instance>> news) throws IOException, InterruptedException {
        var snapshot = etcd.range(prefix, Targets.MOST_INSTANCES + 1);
        if (snapshot.revision() < revision) {
            remember();
        }
        revision = snapshot.revision();
        current.clear();
        snapshot.values().forEach(this::put);
        news.accept(all());
        etcd.watch(prefix, revision + 1, refresh, change -> {
            revision = Math.max(revision, change.revision());
            change.value().ifPresentOrElse(value -> put(change.key(), value), () -> current.remove(change.key()));
            news.accept(all());
        });
    }

    /// Revisions only grow: this etcd has lost its data. Whoever is alive registers again within the time of a lease.
    private void remember() {
        LOG.warn("etcd has lost its data; {} known below {} are kept for {}", current.size(), prefix, etcd.lease());
        forgotten.clear();
        forgotten.putAll(current);
        forgottenUntil = clock.millis() + etcd.lease().toMillis();
    }

    /// How many registrations are known.
    int known() {
        return current.size();
    }

    private Collection<Instance> all() {
        if (forgotten.isEmpty()) {
            return List.copyOf(current.values());
        }
        if (clock.millis() >= forgottenUntil) {
            forgotten.clear();
        }
        var both = new TreeMap<>(forgotten);
        both.putAll(current);
        return List.copyOf(both.values());
    }

    /// Whoever may write there must not be able to hide the others.
    private void put(String key, String value) {
        if (key.length() > LONGEST_KEY || (current.size() > Targets.MOST_INSTANCES && !current.containsKey(key))) {
            LOG.warn(
                    "the registration {} is left out: the key is too long, or there are too many",
                    Instance.printable(key));
            return;
        }
        try {
            current.put(key, Instance.parse(value));
        } catch (IllegalArgumentException e) {
            current.remove(key);
            LOG.warn("the registration {} is left out: {}", Instance.printable(key), e.getMessage());
        }
    }

    @Override
    public String toString() {
        return "etcd";
    }
}
