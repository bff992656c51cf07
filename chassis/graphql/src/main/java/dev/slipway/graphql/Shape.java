package dev.slipway.graphql;

import dev.slipway.core.Problem;
import graphql.language.Definition;
import graphql.language.DirectivesContainer;
import graphql.language.Document;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.OperationDefinition;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.language.SelectionSetContainer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Holds a parsed document to its limits before it is validated, because validation itself can be made expensive.
final class Shape {
    private final GraphQlSettings settings;
    private final boolean introspection;
    private final Map<String, FragmentDefinition> fragments = new HashMap<>();
    private final Map<String, Integer> depths = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private int aliases;
    private int directives;

    private Shape(Document document, GraphQlSettings settings, boolean introspection) {
        this.settings = settings;
        this.introspection = introspection;
        document.getDefinitionsOfType(FragmentDefinition.class)
                .forEach(fragment -> fragments.put(fragment.getName(), fragment));
    }

    /// @throws dev.slipway.core.ProblemException if the document is beyond a limit
    static void check(Document document, GraphQlSettings settings, boolean introspection) {
        var shape = new Shape(document, settings, introspection);
        for (Definition<?> definition : document.getDefinitions()) {
            switch (definition) {
                case OperationDefinition operation -> {
                    shape.count(operation);
                    operation.getVariableDefinitions().forEach(shape::count);
                    shape.depth(operation.getSelectionSet());
                }
                case FragmentDefinition fragment -> shape.fragment(fragment.getName());
                default -> throw refusal("graphql-not-executable", "A document holds operations and fragments only.");
            }
        }
    }

    private int depth(@Nullable SelectionSet set) {
        if (set == null) {
            return 0;
        }
        var deepest = 0;
        for (Selection<?> selection : set.getSelections()) {
            count((DirectivesContainer<?>) selection);
            deepest = Math.max(
                    deepest,
                    switch (selection) {
                        case Field field -> 1 + field(field);
                        case InlineFragment inline -> depth(inline.getSelectionSet());
                        case FragmentSpread spread -> fragment(spread.getName());
                        default -> throw new IllegalStateException("not a selection: " + selection);
                    });
        }
        return within(deepest, settings.maxDepth(), "graphql-too-deep", "is nested deeper than");
    }

    private int field(Field field) {
        if (field.getAlias() != null) {
            within(++aliases, settings.maxAliases(), "graphql-too-many-aliases", "has more aliases than");
        }
        if (field.getName().equals("__schema") || field.getName().equals("__type")) {
            if (!introspection) {
                throw refusal("graphql-introspection-off", "The schema cannot be asked for here.");
            }
            return 0;
        }
        return depth(((SelectionSetContainer<?>) field).getSelectionSet());
    }

    private int fragment(String name) {
        var definition = fragments.get(name);
        if (definition == null) {
            return 0;
        }
        var known = depths.get(name);
        if (known != null) {
            return known;
        }
        if (!open.add(name)) {
            throw refusal("graphql-fragment-cycle", "A fragment contains itself.");
        }
        count(definition);
        var depth = depth(definition.getSelectionSet());
        open.remove(name);
        depths.put(name, depth);
        return depth;
    }

    private void count(DirectivesContainer<?> node) {
        directives += node.getDirectives().size();
        within(directives, settings.maxDirectives(), "graphql-too-many-directives", "has more directives than");
    }

    private static int within(int value, int most, String code, String what) {
        if (value > most) {
            throw refusal(code, "The document %s %s.".formatted(what, most));
        }
        return value;
    }

    private static RuntimeException refusal(String code, String message) {
        return Problem.of(Problem.Kind.INVALID, code, message).asException();
    }
}
