package dev.slipway.operation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Takes an enum, a UUID, an instant or a date as it stands, and in the one form that the formats `uuid`, `date-time` and
/// `date` of an OpenAPI document have: Jackson ignores blanks around them, and takes numbers for times and Base64 for
/// UUIDs.
final class Verbatim extends SimpleModule {
    private static final long serialVersionUID = 1;

    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final String DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
    private static final Pattern DATE_FORM = Pattern.compile(DATE);
    /// [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339#section-5.6), to the nanosecond.
    private static final Pattern TIME_FORM =
            Pattern.compile(DATE + "T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})");

    Verbatim() {
        super("verbatim");
        addForm(UUID.class, UUID_FORM, UUID::fromString);
        addForm(Instant.class, TIME_FORM, Instant::parse);
        addForm(OffsetDateTime.class, TIME_FORM, OffsetDateTime::parse);
        addForm(LocalDate.class, DATE_FORM, LocalDate::parse);
        setDeserializerModifier(new BeanDeserializerModifier() {
            private static final long serialVersionUID = 1;

            @Override
            public JsonDeserializer<?> modifyEnumDeserializer(
                    DeserializationConfig config,
                    JavaType type,
                    BeanDescription description,
                    JsonDeserializer<?> deserializer) {
                return new Exact(deserializer);
            }
        });
    }

    private <T> void addForm(Class<T> type, Pattern form, Function<String, T> parser) {
        addDeserializer(type, new Text<>(type, form, parser));
    }

    private static final class Text<T> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1;

        private final Class<T> type;
        private final Pattern form;
        private final transient Function<String, T> parser;

        Text(Class<T> type, Pattern form, Function<String, T> parser) {
            super(type);
            this.type = type;
            this.form = form;
            this.parser = parser;
        }

        @Override
        public T deserialize(JsonParser from, DeserializationContext context) throws IOException {
            if (!from.hasToken(JsonToken.VALUE_STRING)) {
                return type.cast(context.handleUnexpectedToken(type, from));
            }
            var text = from.getText();
            if (form.matcher(text).matches()) {
                try {
                    return parser.apply(text);
                } catch (DateTimeException e) {
                    return type.cast(context.handleWeirdStringValue(type, text, "is no time"));
                }
            }
            return type.cast(context.handleWeirdStringValue(type, text, "has another form"));
        }
    }

    private static final class Exact extends DelegatingDeserializer {
        private static final long serialVersionUID = 1;

        Exact(JsonDeserializer<?> deserializer) {
            super(deserializer);
        }

        @Override
        protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> deserializer) {
            return new Exact(deserializer);
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.hasToken(JsonToken.VALUE_STRING)) {
                var text = parser.getText();
                if (text.trim().length() < text.length()) {
                    return context.handleWeirdStringValue(handledType(), text, "has blanks around it");
                }
            }
            return super.deserialize(parser, context);
        }
    }
}
