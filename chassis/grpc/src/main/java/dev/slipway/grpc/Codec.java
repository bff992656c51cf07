package dev.slipway.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How a value stands in a message, and how in a record. Thread-safe.
interface Codec {

    /// @return nothing for the value of an enum that says so
    /// @throws dev.slipway.core.ProblemException that says what is wrong, and where below this value
    @Nullable
    Object read(Object inMessage);

    Object write(Object inRecord);

    /// The same in both.
    Codec SAME = of(Object.class, Object.class, value -> value, value -> value);

    Codec BYTES = of(ByteString.class, byte[].class, ByteString::toByteArray, ByteString::copyFrom);

    Codec TIMESTAMP = of(Timestamp.class, Instant.class, Codec::instant, Codec::timestamp);

    Codec DURATION = of(Duration.class, java.time.Duration.class, Codec::duration, Codec::duration);

    /// What stands as text in a message.
    Map<Class<?>, Codec> TEXTS = Map.of(
            UUID.class, of(String.class, UUID.class, Codec::uuid, UUID::toString),
            URI.class, of(String.class, URI.class, URI::create, URI::toString),
            LocalDate.class, of(String.class, LocalDate.class, LocalDate::parse, LocalDate::toString));

    /// @param read may throw what it likes at a value that is wrong
    private static <M, R> Codec of(Class<M> inMessage, Class<R> inRecord, Function<M, R> read, Function<R, M> write) {
        return new Codec() {
            @Override
            public Object read(Object value) {
                try {
                    return read.apply(inMessage.cast(value));
                } catch (RuntimeException e) {
                    throw Invalid.format("has the wrong type or format", e);
                }
            }

            @Override
            public Object write(Object value) {
                return write.apply(inRecord.cast(value));
            }
        };
    }

    /// [UUID#fromString] takes shortened forms.
    private static UUID uuid(String text) {
        var uuid = UUID.fromString(text);
        if (!uuid.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("not in canonical form");
        }
        return uuid;
    }

    /// Between the years 1 and 9999, as
    /// [Timestamp](https://protobuf.dev/reference/protobuf/google.protobuf/#timestamp) says.
    private static Instant instant(Timestamp timestamp) {
        var seconds = timestamp.getSeconds();
        var nanos = timestamp.getNanos();
        if (seconds < -62_135_596_800L || seconds > 253_402_300_799L || nanos < 0 || nanos > 999_999_999) {
            throw new IllegalArgumentException("out of range");
        }
        return Instant.ofEpochSecond(seconds, nanos);
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    /// Some 10,000 years, and of one sign, as
    /// [Duration](https://protobuf.dev/reference/protobuf/google.protobuf/#duration) says.
    private static java.time.Duration duration(Duration duration) {
        var seconds = duration.getSeconds();
        var nanos = duration.getNanos();
        if (nanos < -999_999_999
                || nanos > 999_999_999
                || seconds < -315_576_000_000L
                || seconds > 315_576_000_000L
                || Long.signum(seconds) * Integer.signum(nanos) < 0) {
            throw new IllegalArgumentException("out of range");
        }
        return java.time.Duration.ofSeconds(seconds, nanos);
    }

    /// Java's has nanoseconds that are never negative.
    private static Duration duration(java.time.Duration duration) {
        var isNegative = duration.getSeconds() < 0 && duration.getNano() > 0;
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds() + (isNegative ? 1 : 0))
                .setNanos(duration.getNano() - (isNegative ? 1_000_000_000 : 0))
                .build();
    }

    /// The values of a repeated field.
    record Each(Codec element) implements Codec {
        @Override
        public Object read(Object inMessage) {
            var messages = (List<?>) inMessage;
            var values = new ArrayList<Object>(messages.size());
            for (var message : messages) {
                values.add(Invalid.at(() -> "[" + values.size() + "]", element, message));
            }
            return values;
        }

        @Override
        public Object write(Object inRecord) {
            var values = (List<?>) inRecord;
            var messages = new ArrayList<Object>(values.size());
            for (var value : values) {
                messages.add(element.write(value));
            }
            return messages;
        }
    }

    record Entries(Codec key, Codec value) implements Codec {
        @Override
        public Object read(Object inMessage) {
            var values = new LinkedHashMap<Object, Object>();
            ((Map<?, ?>) inMessage)
                    .forEach((name, message) -> values.put(
                            Invalid.at(name::toString, key, name), Invalid.at(name::toString, value, message)));
            return values;
        }

        @Override
        public Object write(Object inRecord) {
            var messages = new LinkedHashMap<Object, Object>();
            ((Map<?, ?>) inRecord).forEach((name, content) -> messages.put(key.write(name), value.write(content)));
            return messages;
        }
    }
}
