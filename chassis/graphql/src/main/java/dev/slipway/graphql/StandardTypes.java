package dev.slipway.graphql;

import graphql.language.AstPrinter;
import graphql.language.Definition;
import graphql.language.Document;
import graphql.language.FieldDefinition;
import graphql.language.ImplementingTypeDefinition;
import graphql.language.Node;
import graphql.language.NodeTraverser;
import graphql.language.NodeVisitorStub;
import graphql.language.ObjectTypeDefinition;
import graphql.language.ObjectTypeExtensionDefinition;
import graphql.language.SDLDefinition;
import graphql.language.TypeDefinition;
import graphql.language.TypeName;
import graphql.parser.InvalidSyntaxException;
import graphql.parser.Parser;
import graphql.parser.ParserEnvironment;
import graphql.parser.ParserOptions;
import graphql.schema.idl.ScalarInfo;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeDefinitionRegistry;
import graphql.schema.idl.errors.SchemaProblem;
import graphql.util.TraversalControl;
import graphql.util.TraverserContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The types that are alike in every schema (`standard.graphqls`, and what a [Connection] has), so that a service writes only
/// its own: what a schema names and does not define is added.
final class StandardTypes {
    private static final Pattern OF_A_LIST = Pattern.compile("(\\w+)(Connection|Edge)");
    private static final Set<String> ROOTS = Set.of("Query", "Mutation", "Subscription");
    private static final String CONNECTION = """
            type %1$sConnection { edges: [%1$sEdge!]! nodes: [%1$s!]! pageInfo: PageInfo! }
            """;
    private static final String EDGE = """
            type %1$sEdge { node: %1$s! cursor: String! }
            """;

    private final Map<String, TypeDefinition<?>> known = new LinkedHashMap<>();
    private final Document own;

    private StandardTypes(Document own) {
        this.own = own;
    }

    /// @param mistakes where the service defines a standard type otherwise
    record Completed(TypeDefinitionRegistry registry, List<String> mistakes) {}

    /// @throws SchemaProblem if it is no schema, or defines a type in two ways
    static Completed complete(String sdl) {
        return new StandardTypes(joined(parsed(sdl))).completed();
    }

    /// Several files as one: what they say alike counts once, and a root type that was said before is extended.
    private static Document joined(Document document) {
        var said = new HashSet<String>();
        var roots = new HashSet<String>();
        var joined = Document.newDocument();
        for (Definition<?> definition : document.getDefinitions()) {
            if (said.add(AstPrinter.printAst(definition))) {
                var root = root(definition).filter(type -> !roots.add(type.getName()));
                joined.definition(
                        root.<Definition<?>>map(StandardTypes::extension).orElse(definition));
            }
        }
        return joined.build();
    }

    private static Optional<ObjectTypeDefinition> root(Definition<?> definition) {
        return definition instanceof ObjectTypeDefinition type
                        && !(type instanceof ObjectTypeExtensionDefinition)
                        && ROOTS.contains(type.getName())
                ? Optional.of(type)
                : Optional.empty();
    }

    private static ObjectTypeExtensionDefinition extension(ObjectTypeDefinition type) {
        return ObjectTypeExtensionDefinition.newObjectTypeExtensionDefinition()
                .name(type.getName())
                .implementz(type.getImplements())
                .directives(type.getDirectives())
                .fieldDefinitions(type.getFieldDefinitions())
                .sourceLocation(type.getSourceLocation())
                .build();
    }

    private Completed completed() {
        var standard = named(parsed(Graph.resource(StandardTypes.class, "standard.graphqls")));
        known.putAll(named(own));
        var mistakes = new ArrayList<String>();
        known.forEach((name, type) -> {
            var expected = ScalarInfo.isGraphqlSpecifiedScalar(name) ? null : standard.get(name);
            if (expected != null && !saysAll(type, expected)) {
                mistakes.add("the GraphQL schema defines " + name + " without all that it is elsewhere: "
                        + AstPrinter.printAst(expected).replaceAll("\\s+", " "));
            }
        });
        var added = new ArrayList<SDLDefinition<?>>();
        var open = new ArrayList<>(referred(own));
        for (var i = 0; i < open.size(); i++) {
            var name = open.get(i);
            if (!known.containsKey(name)) {
                missing(name, standard).ifPresent(type -> {
                    known.put(name, type);
                    added.add(type);
                    open.addAll(referred(Document.newDocument().definition(type).build()));
                });
            }
        }
        var whole = own.transform(document -> added.forEach(document::definition));
        return new Completed(new SchemaParser().buildRegistry(whole), mistakes);
    }

    private Optional<TypeDefinition<?>> missing(String name, Map<String, TypeDefinition<?>> standard) {
        if (standard.containsKey(name)) {
            return Optional.ofNullable(standard.get(name));
        }
        var list = OF_A_LIST.matcher(name);
        if (!list.matches() || !known.containsKey(list.group(1))) {
            return Optional.empty();
        }
        var text = list.group(2).equals("Edge") ? EDGE : CONNECTION;
        return Optional.ofNullable(named(parsed(text.formatted(list.group(1)))).get(name));
    }

    /// Whether a definition has all fields of another, of the same types.
    private static boolean saysAll(TypeDefinition<?> type, TypeDefinition<?> expected) {
        if (!type.getClass().equals(expected.getClass())) {
            return false;
        }
        return !(type instanceof ImplementingTypeDefinition<?> fields)
                || !(expected instanceof ImplementingTypeDefinition<?> others)
                || fields(fields).containsAll(fields(others));
    }

    private static Set<String> fields(ImplementingTypeDefinition<?> type) {
        var fields = new LinkedHashSet<String>();
        for (FieldDefinition field : type.getFieldDefinitions()) {
            fields.add(field.getName() + ": " + AstPrinter.printAst(field.getType()));
        }
        return fields;
    }

    private static Document parsed(String sdl) {
        try {
            return Parser.parse(ParserEnvironment.newParserEnvironment()
                    .document(sdl)
                    .parserOptions(ParserOptions.getDefaultSdlParserOptions())
                    .build());
        } catch (InvalidSyntaxException e) {
            throw new SchemaProblem(List.of(e.toInvalidSyntaxError()));
        }
    }

    /// The types that a document defines, and those of the language; extensions define nothing.
    private static Map<String, TypeDefinition<?>> named(Document document) {
        var registry = new SchemaParser().buildRegistry(document);
        var types = new LinkedHashMap<String, TypeDefinition<?>>();
        registry.types().forEach((name, type) -> types.put(name, type));
        types.putAll(registry.scalars());
        return types;
    }

    /// The names of types that stand in a document.
    private static Set<String> referred(Document document) {
        var names = new LinkedHashSet<String>();
        new NodeTraverser()
                .preOrder(
                        new NodeVisitorStub() {
                            @Override
                            @SuppressWarnings("rawtypes") // as the library has it
                            public TraversalControl visitTypeName(TypeName name, TraverserContext<Node> context) {
                                names.add(name.getName());
                                return TraversalControl.CONTINUE;
                            }
                        },
                        document);
        return names;
    }
}
