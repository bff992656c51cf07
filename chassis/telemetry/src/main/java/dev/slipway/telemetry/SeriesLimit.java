package dev.slipway.telemetry;

import dev.slipway.core.CallContext;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bounds how many series one meter may have, so that an id in a tag cannot fill the memory: what comes after is counted
/// together, with the value `other` in each tag. Says so once per meter.
///
/// What is registered outside of a call, as at the start, has an allowance of its own: names that calls bring along never
/// take the place of what the service declares.
final class SeriesLimit implements MeterFilter {
    private static final Logger LOG = LoggerFactory.getLogger(SeriesLimit.class);

    private record Series(Set<Meter.Id> declared, Set<Meter.Id> late) {
        Series() {
            this(ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
        }

        boolean takes(Meter.Id id, int most) {
            if (declared.contains(id) || late.contains(id)) {
                return true;
            }
            var allowance = CallContext.current().isPresent() ? late : declared;
            return allowance.size() < most && allowance.add(id);
        }
    }

    private final int most;
    private final Set<String> common;
    private final Map<String, Series> accepted = new ConcurrentHashMap<>();
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /// @param common tags whose values stay
    SeriesLimit(int most, Set<String> common) {
        this.most = most;
        this.common = Set.copyOf(common);
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        if (accepted.computeIfAbsent(id.getName(), name -> new Series()).takes(id, most)) {
            return id;
        }
        if (reported.add(id.getName())) {
            LOG.warn("{} has {} combinations of tag values; further ones are counted together", id.getName(), most);
        }
        return id.replaceTags(others(id.getTags()));
    }

    private List<Tag> others(List<Tag> tags) {
        return tags.stream()
                .map(tag -> common.contains(tag.getKey()) ? tag : Tag.of(tag.getKey(), "other"))
                .toList();
    }
}
