package dev.slipway.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.operation.constraints.EmailDomain;
import dev.slipway.operation.constraints.Slug;
import dev.slipway.operation.constraints.Uuid;
import io.swagger.v3.oas.models.media.Schema;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the schemas of inputs say what the service takes, no less and no more: Swagger's model knows neither what is
/// anchored, blank or null, nor that unknown fields are refused.
final class InputSchemas {
    private static final String SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$";
    private static final String UUID = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
    /// As [String#isBlank] has it.
    private static final String NOT_BLANK =
            "[^\\t-\\r\\u001c-\\u0020\\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000]";
    private static final String MAIL_DOMAIN =
            "@([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\\.)+[a-zA-Z][a-zA-Z0-9-]{0,61}[a-zA-Z0-9]$";

    private final Map<String, Schema<?>> schemas;
    private final Set<Class<?>> done = new HashSet<>();

    /// @param schemas by the simple names of their types
    InputSchemas(Map<String, Schema<?>> schemas) {
        this.schemas = schemas;
    }

    /// @param type a record; those nested in it are made to say it, too
    void tighten(Class<?> type) {
        var schema = schemas.get(type.getSimpleName());
        if (!type.isRecord() || schema == null || schema.getProperties() == null || !done.add(type)) {
            return;
        }
        schema.additionalProperties(false);
        var required =
                new LinkedHashSet<>(Optional.ofNullable(schema.getRequired()).orElse(List.of()));
        for (var component : type.getRecordComponents()) {
            var name = name(component);
            var property = schema.getProperties().get(name);
            if (property == null) {
                continue;
            }
            if (component.getType().isPrimitive()) {
                required.add(name);
            }
            var value = unwrapped(component.getAnnotatedType());
            constrain(
                    property, List.of(component, component.getAccessor(), component.getAnnotatedType(), value), value);
            if (!required.contains(name)) {
                schema.getProperties().put(name, orNull(property));
            }
        }
        schema.setRequired(required.isEmpty() ? null : new ArrayList<>(required));
    }

    private static String name(RecordComponent component) {
        var json = component.getAccessor().getAnnotation(JsonProperty.class);
        return json == null || json.value().isEmpty() ? component.getName() : json.value();
    }

    private static AnnotatedType unwrapped(AnnotatedType type) {
        return raw(type) == Optional.class && type instanceof AnnotatedParameterizedType optional
                ? optional.getAnnotatedActualTypeArguments()[0]
                : type;
    }

    private static Class<?> raw(AnnotatedType type) {
        return switch (type.getType()) {
            case Class<?> plain -> plain;
            case ParameterizedType generic -> (Class<?>) generic.getRawType();
            default -> Object.class;
        };
    }

    private void constrain(Schema<?> schema, List<AnnotatedElement> places, AnnotatedType type) {
        var raw = raw(type);
        if (Collection.class.isAssignableFrom(raw)) {
            var filled = has(places, NotEmpty.class) ? 1 : 0;
            var least = Math.max(filled, find(places, Size.class).map(Size::min).orElse(0));
            schema.setMinItems(least == 0 ? null : Integer.valueOf(least));
            if (schema.getItems() != null && type instanceof AnnotatedParameterizedType list) {
                var item = list.getAnnotatedActualTypeArguments()[0];
                constrain(schema.getItems(), List.of(item), item);
            }
        } else if (raw == String.class) {
            text(schema, places);
        } else {
            tighten(raw);
        }
    }

    private static void text(Schema<?> schema, List<AnnotatedElement> places) {
        var patterns = new ArrayList<String>();
        find(places, Pattern.class).map(pattern -> anchored(pattern.regexp())).ifPresent(patterns::add);
        var least = find(places, Size.class).map(Size::min).orElse(0);
        if (has(places, NotBlank.class)) {
            least = Math.max(least, 1);
            patterns.add(NOT_BLANK);
        } else if (has(places, NotEmpty.class)) {
            least = Math.max(least, 1);
        }
        if (has(places, Slug.class)) {
            patterns.add(SLUG);
            schema.setMaxLength(
                    Math.min(100, Optional.ofNullable(schema.getMaxLength()).orElse(100)));
        }
        if (has(places, Uuid.class)) {
            schema.setFormat("uuid");
            patterns.add(UUID);
        }
        if (has(places, Email.class) || has(places, EmailDomain.class)) {
            schema.setFormat("email");
        }
        if (has(places, EmailDomain.class)) {
            patterns.add(MAIL_DOMAIN);
        }
        schema.setMinLength(least == 0 ? null : Integer.valueOf(least));
        schema.setPattern(patterns.isEmpty() ? null : patterns.getFirst());
        for (var more : patterns.stream().skip(1).toList()) {
            schema.addAllOfItem(new Schema<Object>().pattern(more));
        }
    }

    /// The constraint is about the whole text; a pattern of JSON Schema looks for a part.
    private static String anchored(String regex) {
        var whole = regex.contains("|") ? "(?:" + regex + ")" : regex;
        return "^" + whole + "$";
    }

    private static Schema<?> orNull(Schema<?> schema) {
        if (schema.get$ref() != null) {
            var either = new Schema<Object>();
            either.addAnyOfItem(new Schema<Object>().$ref(schema.get$ref()));
            either.addAnyOfItem(new Schema<Object>().types(Set.of("null")));
            return either;
        }
        var types = new LinkedHashSet<>(Optional.ofNullable(schema.getTypes()).orElse(Set.of()));
        types.add("null");
        schema.setTypes(types);
        @SuppressWarnings("unchecked") // of whatever type: one more value
        var values = (List<@Nullable Object>) schema.getEnum();
        if (values != null && !values.contains(null)) {
            var more = new ArrayList<@Nullable Object>(values);
            more.add(null);
            @SuppressWarnings("unchecked")
            var any = (Schema<Object>) schema;
            any.setEnum(more);
        }
        return schema;
    }

    private static boolean has(List<AnnotatedElement> places, Class<? extends Annotation> constraint) {
        return find(places, constraint).isPresent();
    }

    private static <A extends Annotation> Optional<A> find(List<AnnotatedElement> places, Class<A> constraint) {
        return places.stream()
                .map(place -> place.getAnnotation(constraint))
                .filter(found -> found != null)
                .findFirst();
    }
}
