package dev.slipway.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bounds how many series one meter may have, so that an id in a tag cannot fill the memory; says so once per meter.
final class SeriesLimit implements MeterFilter {
    private static final Logger LOG = LoggerFactory.getLogger(SeriesLimit.class);

    private final int most;
    private final Map<String, Set<Meter.Id>> accepted = new ConcurrentHashMap<>();
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    SeriesLimit(int most) {
        this.most = most;
    }

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        var series = accepted.computeIfAbsent(id.getName(), name -> ConcurrentHashMap.newKeySet());
        if (series.contains(id) || (series.size() < most && series.add(id))) {
            return MeterFilterReply.NEUTRAL;
        }
        if (reported.add(id.getName())) {
            LOG.warn("{} has {} combinations of tag values; further ones are not counted", id.getName(), most);
        }
        return MeterFilterReply.DENY;
    }
}
