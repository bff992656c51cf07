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
import com.fasterxml.jackson.databind.deser.std.UUIDDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;

/// Takes the text of an enum, a UUID or an instant as it stands: Jackson ignores blanks around it.
final class Verbatim extends SimpleModule {
    private static final long serialVersionUID = 1;

    Verbatim() {
        super("verbatim");
        addDeserializer(UUID.class, exact(new UUIDDeserializer()));
        addDeserializer(Instant.class, exact(InstantDeserializer.INSTANT));
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

    @SuppressWarnings("unchecked")
    private static <T> JsonDeserializer<T> exact(JsonDeserializer<T> deserializer) {
        return (JsonDeserializer<T>) (JsonDeserializer<?>) new Exact(deserializer);
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
