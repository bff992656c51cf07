package dev.slipway.graphql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes answers as JSON: maps, lists and what scalars are serialised to, nulls included. Thread-safe.
final class Wire {
    /// With few buffers for all: by thread, each subscription would keep some.
    private final JsonFactory factory = new JsonFactoryBuilder()
            .recyclerPool(JsonRecyclerPools.newBoundedPool(64))
            .build();

    /// Escapes what has no bytes in UTF-8: half of a surrogate pair, which a client may get to see of what it sent.
    private final JsonFactory escaping =
            new JsonFactoryBuilder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    byte[] write(@Nullable Object value) {
        try {
            return write(factory, value);
        } catch (JsonGenerationException e) {
            return escaped(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] escaped(@Nullable Object value) {
        try {
            return write(escaping, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] write(JsonFactory factory, @Nullable Object value) throws IOException {
        var out = new ByteArrayOutputStream(512);
        try (var json = factory.createGenerator(out)) {
            write(json, value);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case String text -> json.writeString(text);
            case Boolean bool -> json.writeBoolean(bool);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case BigDecimal number -> json.writeNumber(number);
            case BigInteger number -> json.writeNumber(number);
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (var entry : map.entrySet()) {
                    json.writeFieldName(String.valueOf(entry.getKey()));
                    write(json, entry.getValue());
                }
                json.writeEndObject();
            }
            case Iterable<?> list -> {
                json.writeStartArray();
                for (var element : list) {
                    write(json, element);
                }
                json.writeEndArray();
            }
            default -> json.writeString(value.toString());
        }
    }
}
