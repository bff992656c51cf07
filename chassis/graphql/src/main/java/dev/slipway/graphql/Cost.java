package dev.slipway.graphql;

import graphql.language.Argument;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.IntValue;
import graphql.language.OperationDefinition;
import graphql.language.SelectionSet;
import graphql.language.Value;
import graphql.language.VariableReference;
import graphql.schema.GraphQLCompositeType;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLFieldsContainer;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLTypeUtil;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What an operation costs: a field 1, a field that calls into the service 10, and everything below a list as many times
/// as the list is long. Worked out once for a document; list sizes that are variables are put in for each request.
final class Cost {
    private static final long MOST = 1_000_000_000_000L;

    private final Part whole;

    private Cost(Part whole) {
        this.whole = whole;
    }

    /// @param variables as they were sent
    long of(Map<String, Object> variables) {
        return whole.of(new Values(variables, new HashMap<>()));
    }

    /// A part of a document.
    @FunctionalInterface
    private interface Part {
        long of(Values values);
    }

    /// @param fragments what is worked out already, because fragments may use fragments
    private record Values(Map<String, Object> variables, Map<Compiler.Shared, Long> fragments) {}

    /// @param document valid
    /// @param isCall whether a field (`Query.user`) calls into the service
    static Cost of(
            Document document,
            OperationDefinition operation,
            GraphQLSchema schema,
            int listSize,
            Predicate<String> isCall) {
        return new Cost(new Compiler(document, operation, schema, listSize, isCall).compile());
    }

    /// Turns a document to costs. Fragments are shared, so that a document cannot blow up by using them often.
    private static final class Compiler {
        private static final List<String> SIZES = List.of("first", "last", "limit");
        private static final int CALL = 10;

        private final Map<String, FragmentDefinition> definitions = new HashMap<>();
        private final OperationDefinition operation;
        private final GraphQLSchema schema;
        private final int listSize;
        private final Predicate<String> isCall;
        private final Map<Shared, Part> fragments = new HashMap<>();
        private final Map<String, Long> defaults = new HashMap<>();

        /// What a fragment costs depends on whether a list below it has a size already.
        private record Shared(String fragment, Optional<Size> size) {}

        /// The size of a list.
        private record Size(long constant, String variable) {
            long of(Map<String, Object> variables, Map<String, Long> defaults) {
                var value = variable.isEmpty()
                        ? constant
                        : variables.get(variable) instanceof Number number
                                ? number.longValue()
                                : defaults.getOrDefault(variable, constant);
                return Math.clamp(value, 1, 1_000_000);
            }
        }

        Compiler(
                Document document,
                OperationDefinition operation,
                GraphQLSchema schema,
                int listSize,
                Predicate<String> isCall) {
            document.getDefinitionsOfType(FragmentDefinition.class)
                    .forEach(fragment -> definitions.put(fragment.getName(), fragment));
            this.operation = operation;
            this.schema = schema;
            this.listSize = listSize;
            this.isCall = isCall;
            for (var variable : operation.getVariableDefinitions()) {
                if (variable.getDefaultValue() instanceof IntValue number) {
                    defaults.put(variable.getName(), clamped(number.getValue()));
                }
            }
        }

        Part compile() {
            var root = switch (operation.getOperation()) {
                case QUERY -> schema.getQueryType();
                case MUTATION -> schema.getMutationType();
                case SUBSCRIPTION -> schema.getSubscriptionType();
            };
            return selections(operation.getSelectionSet(), root, null);
        }

        private Part selections(@Nullable SelectionSet set, GraphQLCompositeType parent, @Nullable Size size) {
            if (set == null) {
                return values -> 0;
            }
            var parts = set.getSelections().stream()
                    .map(selection -> switch (selection) {
                        case Field field -> field(field, parent, size);
                        case InlineFragment inline ->
                            selections(
                                    inline.getSelectionSet(),
                                    inline.getTypeCondition() == null
                                            ? parent
                                            : composite(
                                                    inline.getTypeCondition().getName()),
                                    size);
                        case FragmentSpread spread -> fragment(spread.getName(), size);
                        default -> throw new IllegalStateException("not a selection: " + selection);
                    })
                    .toList();
            return values -> {
                var sum = 0L;
                for (var part : parts) {
                    sum = Math.min(MOST, sum + part.of(values));
                }
                return sum;
            };
        }

        private Part fragment(String name, @Nullable Size size) {
            var key = new Shared(name, Optional.ofNullable(size));
            var known = fragments.get(key);
            if (known != null) {
                return known;
            }
            var definition = definitions.get(name);
            if (definition == null) {
                return values -> 0;
            }
            var part = selections(
                    definition.getSelectionSet(),
                    composite(definition.getTypeCondition().getName()),
                    size);
            Part once = values -> {
                var value = values.fragments().get(key);
                if (value == null) {
                    value = part.of(values);
                    values.fragments().put(key, value);
                }
                return value;
            };
            fragments.put(key, once);
            return once;
        }

        private Part field(Field field, GraphQLCompositeType parent, @Nullable Size inherited) {
            if (field.getName().startsWith("__") || !(parent instanceof GraphQLFieldsContainer container)) {
                return values -> 1;
            }
            var definition = container.getFieldDefinition(field.getName());
            if (definition == null) {
                return values -> 1;
            }
            var own = isCall.test(container.getName() + "." + field.getName()) ? CALL : 1;
            var isList = GraphQLTypeUtil.isList(GraphQLTypeUtil.unwrapNonNull(definition.getType()));
            var asked = asked(field, definition).orElse(null);
            var type = GraphQLTypeUtil.unwrapAll(definition.getType());
            if (!(type instanceof GraphQLCompositeType composite)) {
                return values -> own;
            }
            if (!isList) {
                var children = selections(field.getSelectionSet(), composite, asked == null ? inherited : asked);
                return values -> own + children.of(values);
            }
            var size = asked != null ? asked : inherited != null ? inherited : new Size(listSize, "");
            var children = selections(field.getSelectionSet(), composite, null);
            return values ->
                    Math.min(MOST, own + Math.min(MOST, size.of(values.variables(), defaults) * children.of(values)));
        }

        private Optional<Size> asked(Field field, GraphQLFieldDefinition definition) {
            for (var name : SIZES) {
                if (definition.getArgument(name) != null) {
                    return Optional.of(field.getArguments().stream()
                            .filter(argument -> argument.getName().equals(name))
                            .map(Argument::getValue)
                            .findFirst()
                            .map(this::size)
                            .orElseGet(() -> new Size(listSize, "")));
                }
            }
            return Optional.empty();
        }

        private Size size(Value<?> value) {
            return switch (value) {
                case IntValue number -> new Size(clamped(number.getValue()), "");
                case VariableReference variable -> new Size(listSize, variable.getName());
                default -> new Size(listSize, "");
            };
        }

        private static long clamped(BigInteger number) {
            return number.bitLength() > 31 ? Integer.MAX_VALUE : number.longValue();
        }

        private GraphQLCompositeType composite(String name) {
            if (schema.getType(name) instanceof GraphQLCompositeType type) {
                return type;
            }
            throw new IllegalStateException("a valid document has only known types: " + name);
        }
    }
}
