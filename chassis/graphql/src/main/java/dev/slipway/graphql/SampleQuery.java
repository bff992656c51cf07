package dev.slipway.graphql;

import graphql.schema.GraphQLCompositeType;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLFieldsContainer;
import graphql.schema.GraphQLInputValueDefinition;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLTypeUtil;
import java.util.List;
import java.util.stream.Collectors;

/// A query that runs as it stands: the first field of the schema that can be asked for without arguments, with what it
/// shows. What GraphiQL opens on.
final class SampleQuery {
    private static final int DEEPEST = 3;

    private SampleQuery() {}

    static String of(GraphQLSchema schema) {
        var selected = schema.getQueryType().getFieldDefinitions().stream()
                .filter(SampleQuery::isFree)
                .map(field -> selection(field, 1))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("  __typename\n");
        return "{\n" + selected + "}\n";
    }

    private static boolean isFree(GraphQLFieldDefinition field) {
        return field.getArguments().stream().noneMatch(SampleQuery::isRequired);
    }

    private static boolean isRequired(GraphQLInputValueDefinition argument) {
        return GraphQLTypeUtil.isNonNull(argument.getType())
                && argument instanceof graphql.schema.GraphQLArgument known
                && !known.hasSetDefaultValue();
    }

    /// Empty if there is nothing to show within the depth.
    private static String selection(GraphQLFieldDefinition field, int depth) {
        var indent = "  ".repeat(depth);
        if (!(GraphQLTypeUtil.unwrapAll(field.getType()) instanceof GraphQLCompositeType type)) {
            return indent + field.getName() + "\n";
        }
        var below = depth == DEEPEST || !(type instanceof GraphQLFieldsContainer container)
                ? ""
                : shown(container).stream()
                        .map(part -> selection(part, depth + 1))
                        .collect(Collectors.joining());
        return below.isEmpty() ? "" : indent + field.getName() + " {\n" + below + indent + "}\n";
    }

    /// What is no object, or the parts of an object that has nothing else; the items of a connection once.
    private static List<GraphQLFieldDefinition> shown(GraphQLFieldsContainer container) {
        var free = container.getFieldDefinitions().stream()
                .filter(SampleQuery::isFree)
                .toList();
        var leaves = free.stream()
                .filter(field -> !(GraphQLTypeUtil.unwrapAll(field.getType()) instanceof GraphQLCompositeType))
                .toList();
        if (!leaves.isEmpty()) {
            return leaves;
        }
        var hasNodes = container.getFieldDefinition("nodes") != null;
        return free.stream()
                .filter(field -> !hasNodes || !field.getName().equals("edges"))
                .toList();
    }
}
