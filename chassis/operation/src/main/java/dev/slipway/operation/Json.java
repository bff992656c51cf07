package dev.slipway.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// JSON as this chassis speaks it: strict in what it takes, stable in what it sends.
///
/// Refused: unknown and duplicate fields, text after the document, numbers written as text, nesting deeper than 50,
/// numbers longer than 100 and texts longer than 1,000,000 characters. No type names are read from input. Thread-safe.
public final class Json {
    private static final Logger LOG = LoggerFactory.getLogger(Json.class);
    private static final int BUFFERS = 64;

    /// @param stored reads what was written by another version of the service
    /// @param canonical writes the same for the same, whatever the version of the service
    private record Mappers(
            ObjectMapper plain, ObjectMapper query, QueryValues values, ObjectMapper stored, ObjectMapper canonical) {
        static Mappers create() {
            var plain = strict().build();
            return new Mappers(
                    plain,
                    plain.copy().enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY),
                    new QueryValues(plain),
                    plain.copy()
                            .disable(
                                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES),
                    strict().enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                            .defaultPropertyInclusion(JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_ABSENT))
                            .withConfigOverride(
                                    String.class,
                                    text -> text.setInclude(JsonInclude.Value.construct(
                                            JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT)))
                            .build());
        }
    }

    private final ReentrantLock creating = new ReentrantLock();
    private volatile @Nullable Mappers mappers;

    Json() {}

    /// Made when they are first needed: the library is large, and a service starts with many things at once.
    private Mappers mappers() {
        var known = mappers;
        if (known != null) {
            return known;
        }
        creating.lock();
        try {
            var now = mappers;
            if (now == null) {
                now = Mappers.create();
                mappers = now;
            }
            return now;
        } finally {
            creating.unlock();
        }
    }

    private static JsonMapper.Builder strict() {
        var limits = StreamReadConstraints.builder()
                .maxNestingDepth(50)
                .maxNumberLength(100)
                .maxStringLength(1_000_000)
                .maxNameLength(200)
                .build();
        var factory = new JsonFactoryBuilder()
                .streamReadConstraints(limits)
                // Buffers by thread would stay with each of many virtual threads: 48 KB for each open stream.
                .recyclerPool(JsonRecyclerPools.newBoundedPool(BUFFERS))
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
        return JsonMapper.builder(factory)
                .addModule(new JavaTimeModule())
                .addModule(new Jdk8Module())
                .addModule(new Verbatim())
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfigDefaults(all -> all.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.EmptyArray, CoercionAction.Fail))
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .disable(
                        SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
                        SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT));
    }

    public byte[] write(Object value) {
        try {
            return mappers().plain().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(value.getClass() + " cannot be written as JSON", e);
        }
    }

    /// The same for equal values, whatever the order of their components, and without those that are absent or empty
    /// collections: a version of the service with more of them writes the same.
    byte[] canonical(Object value) {
        try {
            return mappers().canonical().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(value.getClass() + " cannot be written as JSON", e);
        }
    }

    /// The same as a tree, to leave something out of.
    public JsonNode tree(Object value) {
        return mappers().plain().valueToTree(value);
    }

    /// @throws dev.slipway.core.ProblemException that says where the text is wrong
    public <T> T read(byte[] body, Class<T> type) {
        try (var parser = mappers().plain().createParser(body)) {
            if (parser.nextToken() == null || parser.currentToken() == JsonToken.VALUE_NULL) {
                throw invalid("", "malformed", "must be a JSON object");
            }
            var value = mappers().plain().readValue(parser, type);
            if (parser.nextToken() != null) {
                throw invalid("", "malformed", "has more after its end" + place(parser.currentTokenLocation()));
            }
            return value;
        } catch (IOException e) {
            throw refusal(e, mappers().plain());
        }
    }

    /// Makes a query record of texts. Numbers and booleans stand there as JSON writes them (`1`, not `+1` or `01`); a
    /// parameter that stands more than once needs a list.
    ///
    /// @throws dev.slipway.core.ProblemException that says which parameter is wrong
    public <T> T readQuery(Map<String, ?> parameters, Class<T> type) {
        try {
            return mappers().query().convertValue(mappers().values().of(parameters, type), type);
        } catch (IllegalArgumentException e) {
            throw e.getCause() instanceof IOException cause
                    ? refusal(cause, mappers().plain())
                    : e;
        }
    }

    /// Makes a record of a tree of maps, lists, texts, numbers and booleans.
    ///
    /// @throws dev.slipway.core.ProblemException that says which field is wrong
    public <T> T readTree(Map<String, ?> tree, Class<T> type) {
        try {
            return mappers().plain().convertValue(tree, type);
        } catch (IllegalArgumentException e) {
            throw e.getCause() instanceof IOException cause
                    ? refusal(cause, mappers().plain())
                    : e;
        }
    }

    /// An operation's answer as it was written by [#write], perhaps by another version of the service; empty if that
    /// wrote what this one cannot read.
    <O> Optional<O> restore(String text, Description<?, O> description) {
        try {
            var types = mappers().stored().getTypeFactory();
            var type = description
                    .element()
                    .map(element -> types.constructParametricType(description.output(), element))
                    .orElseGet(() -> types.constructType(description.output()));
            return Optional.of(mappers().stored().readValue(text, type));
        } catch (IOException e) {
            LOG.warn("A kept answer of {} cannot be read", description.name(), e);
            return Optional.empty();
        }
    }

    /// The messages are ours: Jackson's name classes.
    private static RuntimeException refusal(IOException e, ObjectMapper mapper) {
        return switch (e) {
            case StreamConstraintsException _ ->
                invalid("", "too-complex", "is nested too deeply or has too long values");
            case JsonParseException wrong
            when isDuplicate(wrong) ->
                invalid(path(wrong.getProcessor().getParsingContext()), "duplicate", "stands there twice");
            case JsonParseException wrong -> invalid("", "malformed", "is not JSON" + place(wrong.getLocation()));
            case UnrecognizedPropertyException unknown -> invalid(path(unknown), "unknown", "is not known here");
            case InvalidFormatException wrong
            when wrong.getTargetType().isEnum() ->
                invalid(path(wrong), "format", "must be one of " + names(wrong.getTargetType(), mapper));
            case JsonMappingException wrong
            when wrong.getCause() instanceof StreamConstraintsException cause -> refusal(cause, mapper);
            case JsonMappingException wrong
            when wrong.getCause() instanceof JsonParseException cause -> refusal(cause, mapper);
            case JsonMappingException wrong
            when wrong.getCause() instanceof IllegalArgumentException cause ->
                invalid(path(wrong), "invalid", String.valueOf(cause.getMessage()));
            case JsonMappingException wrong
            when wrong.getCause() instanceof NullPointerException ->
                invalid(path(wrong), "required", "lacks something that is required");
            case JsonMappingException wrong -> invalid(path(wrong), "format", "has the wrong type or format");
            default -> invalid("", "malformed", "cannot be read");
        };
    }

    /// Jackson has no type for it.
    private static boolean isDuplicate(JsonParseException e) {
        return e.getProcessor() != null && e.getOriginalMessage().startsWith("Duplicate field");
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " (line %s, column %s)".formatted(location.getLineNr(), location.getColumnNr());
    }

    /// As clients write them.
    private static String names(Class<?> type, ObjectMapper mapper) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> mapper.convertValue(constant, String.class))
                .collect(Collectors.joining(", "));
    }

    private static String path(JsonStreamContext place) {
        var parent = place.getParent();
        if (parent == null) {
            return "";
        }
        var before = path(parent);
        if (!place.inObject()) {
            return before + (place.hasCurrentIndex() ? "[" + place.getCurrentIndex() + "]" : "");
        }
        return before.isEmpty() ? place.getCurrentName() : before + "." + place.getCurrentName();
    }

    private static RuntimeException invalid(String field, String code, String message) {
        return Problem.invalid(List.of(new FieldError(field, code, message))).asException();
    }

    private static String path(JsonMappingException e) {
        var path = new StringBuilder();
        for (var step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }
}
