package dev.slipway.testing;

import graphql.language.AstPrinter;
import graphql.language.Value;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLEnumType;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLFieldsContainer;
import graphql.schema.GraphQLImplementingType;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLInputValueDefinition;
import graphql.schema.GraphQLInterfaceType;
import graphql.schema.GraphQLNamedType;
import graphql.schema.GraphQLScalarType;
import graphql.schema.GraphQLTypeUtil;
import graphql.schema.GraphQLUnionType;
import graphql.schema.InputValueWithState;
import graphql.schema.idl.ScalarInfo;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.UnExecutableSchemaGenerator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Keeps what clients of a GraphQL schema rely on under version control, a line for each type, field, argument and value:
/// the file says the same of the schema that the service serves, or the test fails and says first what would break
/// clients; `-Dapi.update` writes the file anew.
///
/// A change that breaks clients is refused with `-Dapi.update` too. If nobody uses the schema yet, delete its file.
public final class SchemaFile {
    private static final String THERE = "there";
    private static final String DEFAULT = " default ";

    private SchemaFile() {}

    /// @param file for example `api/graphql/surface.lock`
    /// @param served the schema as the service serves it
    public static void matches(Path file, String served) {
        KeptFile.guard(
                file,
                String.join("\n", surface(served)) + "\n",
                KeptFile::haveSameLines,
                (kept, current) -> broken(kept.lines().toList(), current.lines().toList()));
    }

    /// All that clients can rely on, a line each: `what = how it is`; sorted. Names stand alone, and not with dots between
    /// them, so that they are renamed in a derived service as names of code.
    static List<String> surface(String sdl) {
        var schema = UnExecutableSchemaGenerator.makeUnExecutableSchema(new SchemaParser().parse(sdl));
        var lines = new TreeMap<String, String>();
        for (var type : schema.getAllTypesAsList()) {
            if (!type.getName().startsWith("__") && !ScalarInfo.isGraphqlSpecifiedScalar(type.getName())) {
                add(type, lines);
            }
        }
        return lines.entrySet().stream()
                .map(line -> line.getKey() + " = " + line.getValue())
                .toList();
    }

    private static void add(GraphQLNamedType type, Map<String, String> lines) {
        var name = type.getName();
        lines.put(kind(type) + " " + name, THERE);
        if (type instanceof GraphQLFieldsContainer fields) {
            fields.getFieldDefinitions().forEach(field -> add(name, field, lines));
        }
        if (type instanceof GraphQLImplementingType implementing) {
            implementing.getInterfaces().forEach(each -> lines.put("implements " + name + " " + each.getName(), THERE));
        }
        switch (type) {
            case GraphQLInputObjectType input ->
                input.getFields()
                        .forEach(field -> lines.put(
                                "input-field " + name + " " + field.getName(),
                                given(field, field.getInputFieldDefaultValue())));
            case GraphQLEnumType values ->
                values.getValues().forEach(value -> lines.put("value " + name + " " + value.getName(), THERE));
            case GraphQLUnionType union ->
                union.getTypes().forEach(member -> lines.put("member " + name + " " + member.getName(), THERE));
            default -> {}
        }
    }

    private static void add(String type, GraphQLFieldDefinition field, Map<String, String> lines) {
        var name = type + " " + field.getName();
        lines.put("field " + name, GraphQLTypeUtil.simplePrint(field.getType()));
        for (GraphQLArgument argument : field.getArguments()) {
            lines.put(
                    "argument " + name + "(" + argument.getName() + ")",
                    given(argument, argument.getArgumentDefaultValue()));
        }
    }

    private static String given(GraphQLInputValueDefinition value, InputValueWithState byDefault) {
        return GraphQLTypeUtil.simplePrint(value.getType())
                + (byDefault.isSet() ? DEFAULT + AstPrinter.printAst((Value<?>) byDefault.getValue()) : "");
    }

    private static String kind(GraphQLNamedType type) {
        return switch (type) {
            case GraphQLInterfaceType _ -> "interface";
            case GraphQLInputObjectType _ -> "input";
            case GraphQLEnumType _ -> "enum";
            case GraphQLUnionType _ -> "union";
            case GraphQLScalarType _ -> "scalar";
            default -> "type";
        };
    }

    /// What clients of the one surface would miss in the other. They expect new types, fields, values of an enum and members
    /// of a union; an answer may say more (`String!` for `String`), and an input ask for less.
    static List<String> broken(List<String> before, List<String> current) {
        var was = byName(before);
        var is = byName(current);
        var findings = new ArrayList<String>();
        was.forEach((name, how) -> {
            var now = is.get(name);
            if (now == null) {
                findings.add(name + " was " + how + " and is gone");
            } else if (!fits(name, how, now)) {
                findings.add(name + " was " + how + " and is " + now);
            }
        });
        is.forEach((name, how) -> {
            if (isGiven(name) && !was.containsKey(name) && was.containsKey(owner(name)) && isRequired(how)) {
                findings.add(name + " is new and must be given: " + how);
            }
        });
        return findings;
    }

    private static Map<String, String> byName(List<String> lines) {
        return lines.stream()
                .map(line -> line.split(" = ", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (one, other) -> one, TreeMap::new));
    }

    private static boolean isGiven(String name) {
        return name.startsWith("argument ") || name.startsWith("input-field ");
    }

    /// What an argument or a field of an input belongs to.
    private static String owner(String name) {
        return name.startsWith("argument ")
                ? "field" + name.substring("argument".length(), name.indexOf('('))
                : "input" + name.substring("input-field".length(), name.lastIndexOf(' '));
    }

    private static boolean isRequired(String how) {
        return how.endsWith("!") && !how.contains(DEFAULT);
    }

    private static boolean fits(String name, String was, String is) {
        if (name.startsWith("field ")) {
            return isAtLeast(is, was);
        }
        if (!isGiven(name)) {
            return was.equals(is);
        }
        var before = was.split(DEFAULT, 2);
        var now = is.split(DEFAULT, 2);
        var sameDefault = before.length == 1 || (now.length == 2 && before[1].equals(now[1]));
        return sameDefault && isAtLeast(before[0], now[0]);
    }

    /// Whether the one type promises all that the other does: each `!` of it.
    private static boolean isAtLeast(String type, String other) {
        if (other.endsWith("!")) {
            return type.endsWith("!") && isAtLeast(withoutLast(type), withoutLast(other));
        }
        var bare = type.endsWith("!") ? withoutLast(type) : type;
        return (bare.startsWith("[") && other.startsWith("["))
                ? isAtLeast(withoutLast(bare).substring(1), withoutLast(other).substring(1))
                : bare.equals(other);
    }

    private static String withoutLast(String text) {
        return text.substring(0, text.length() - 1);
    }
}
