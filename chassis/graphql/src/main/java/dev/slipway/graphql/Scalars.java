package dev.slipway.graphql;

import graphql.GraphQLContext;
import graphql.execution.CoercedVariables;
import graphql.language.IntValue;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.GraphQLScalarType;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The scalars that a schema may declare besides those of the language: `DateTime` (RFC 3339, UTC), `Date` and `Long`.
final class Scalars {
    private Scalars() {}

    static List<GraphQLScalarType> all() {
        return List.of(
                text("DateTime", "An instant, for example 2026-01-31T12:00:00Z.", Instant::parse),
                text("Date", "A day, for example 2026-01-31.", LocalDate::parse),
                GraphQLScalarType.newScalar()
                        .name("Long")
                        .description("A whole number of 64 bits.")
                        .coercing(new Whole())
                        .build());
    }

    private static GraphQLScalarType text(String name, String about, Function<String, Object> parser) {
        return GraphQLScalarType.newScalar()
                .name(name)
                .description(about)
                .coercing(new Text(name, parser))
                .build();
    }

    private record Text(String name, Function<String, Object> parser) implements Coercing<Object, String> {
        @Override
        public String serialize(Object value, GraphQLContext context, Locale locale) {
            return value.toString();
        }

        @Override
        public Object parseValue(Object value, GraphQLContext context, Locale locale) {
            var parsed = value instanceof String text ? parse(text) : null;
            if (parsed == null) {
                throw new CoercingParseValueException("This is no " + name + ".");
            }
            return parsed;
        }

        @Override
        public Object parseLiteral(
                Value<?> literal, CoercedVariables variables, GraphQLContext context, Locale locale) {
            var parsed = literal instanceof StringValue text ? parse(String.valueOf(text.getValue())) : null;
            if (parsed == null) {
                throw new CoercingParseLiteralException("This is no " + name + ".");
            }
            return parsed;
        }

        private @Nullable Object parse(String text) {
            try {
                return parser.apply(text);
            } catch (DateTimeException e) {
                return null;
            }
        }
    }

    private record Whole() implements Coercing<Long, Long> {
        private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
        private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

        @Override
        public Long serialize(Object value, GraphQLContext context, Locale locale) {
            return ((Number) value).longValue();
        }

        @Override
        public Long parseValue(Object value, GraphQLContext context, Locale locale) {
            return switch (value) {
                case Long number -> number;
                case Integer number -> (long) number;
                case BigInteger number when isLong(number) -> number.longValue();
                default -> throw new CoercingParseValueException("This is no Long.");
            };
        }

        @Override
        public Long parseLiteral(Value<?> literal, CoercedVariables variables, GraphQLContext context, Locale locale) {
            if (literal instanceof IntValue number && isLong(number.getValue())) {
                return number.getValue().longValue();
            }
            throw new CoercingParseLiteralException("This is no Long.");
        }

        private static boolean isLong(BigInteger number) {
            return number.compareTo(LEAST) >= 0 && number.compareTo(MOST) <= 0;
        }
    }
}
