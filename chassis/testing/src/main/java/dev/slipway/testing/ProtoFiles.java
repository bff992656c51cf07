package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Judges the proto files of a service: that they read well, and that clients of yesterday are understood tomorrow.
///
/// Both work on what the build writes to `target/proto/descriptors.binpb`. The rules are those of
/// [buf](https://buf.build/docs/lint/rules) that matter most, and go by what is on the wire and in generated code.
public final class ProtoFiles {
    private static final Path DESCRIPTORS = Path.of("target", "proto", "descriptors.binpb");
    private static final Pattern PACKAGE =
            Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*\\.v[1-9][0-9]*(alpha|beta)?[0-9]*");
    private static final Pattern PASCAL = Pattern.compile("[A-Z][A-Za-z0-9]*");
    private static final Pattern SNAKE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    private static final Pattern UPPER_SNAKE = Pattern.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*");

    private static final Pattern RESERVED = Pattern.compile("reserved (.+)/(-?\\d+)\\.\\.(-?\\d+)");
    private static final String THERE = "there";

    private static final int SERVICES = FileDescriptorProto.SERVICE_FIELD_NUMBER;
    private static final int METHODS = ServiceDescriptorProto.METHOD_FIELD_NUMBER;

    private ProtoFiles() {}

    /// Fails if the proto files of this module break a rule of style.
    public static void readWell() {
        assertThat(lint(own(read(DESCRIPTORS))))
                .as("what is wrong with the proto files")
                .isEmpty();
    }

    /// Fails if the proto files of this module break what clients of the kept ones rely on, or differ from them.
    ///
    /// A compatible change is accepted with `-Dapi.update`, which writes the kept file anew; to accept one that breaks
    /// clients, that file has to be deleted before.
    ///
    /// @param kept a file that is kept under version control, for example `api/proto/surface.lock`
    public static void areCompatibleWith(Path kept) {
        var current = surface(own(read(DESCRIPTORS)));
        KeptFile.guard(
                kept,
                String.join("\n", current) + "\n",
                KeptFile::haveSameLines,
                (before, now) -> broken(before.lines().toList(), now.lines().toList()));
    }

    private static FileDescriptorSet read(Path file) {
        try {
            return FileDescriptorSet.parseFrom(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Without what is imported from elsewhere.
    private static List<FileDescriptorProto> own(FileDescriptorSet all) {
        var own = all.getFileList().stream()
                .filter(file -> !file.getPackage().startsWith("google."))
                .toList();
        assertThat(own).as("proto files").isNotEmpty();
        return own;
    }

    /// What is wrong with the style of these files; each finding begins with where it is.
    static List<String> lint(List<FileDescriptorProto> files) {
        var findings = new ArrayList<String>();
        for (var file : files) {
            var where = file.getPackage();
            if (!PACKAGE.matcher(where).matches()) {
                findings.add(file.getName() + ": the package must end in a version, for example acme.orders.v1");
            }
            if (!file.getName().startsWith(where.replace('.', '/') + "/")) {
                findings.add(file.getName() + ": must stand in the folder of its package " + where);
            }
            if (!file.getSyntax().equals("proto3") && !file.getSyntax().equals("editions")) {
                findings.add(file.getName() + ": must be proto3 or an edition");
            }
            file.getEnumTypeList().forEach(type -> lint(where, type, findings));
            file.getMessageTypeList().forEach(type -> lint(where, type, findings));
            var comments = commented(file);
            for (var i = 0; i < file.getServiceCount(); i++) {
                lint(where, file.getService(i), i, comments, findings);
            }
        }
        return findings;
    }

    private static void lint(
            String where,
            ServiceDescriptorProto service,
            int index,
            Set<List<Integer>> comments,
            List<String> findings) {
        var name = where + "." + service.getName();
        if (!PASCAL.matcher(service.getName()).matches() || !service.getName().endsWith("Service")) {
            findings.add(name + ": a service's name must be in PascalCase and end in Service");
        }
        if (!comments.contains(List.of(SERVICES, index))) {
            findings.add(name + ": must say in a comment what it is");
        }
        for (var i = 0; i < service.getMethodCount(); i++) {
            var method = service.getMethod(i);
            var called = name + "/" + method.getName();
            if (!PASCAL.matcher(method.getName()).matches()) {
                findings.add(called + ": a method's name must be in PascalCase");
            }
            if (!comments.contains(List.of(SERVICES, index, METHODS, i))) {
                findings.add(called + ": must say in a comment what it does");
            }
            if (!method.getInputType().endsWith("." + method.getName() + "Request")) {
                findings.add(called + ": must take a message of its own, " + method.getName() + "Request");
            }
            if (!method.getOutputType().endsWith("." + method.getName() + "Response")) {
                findings.add(called + ": must answer a message of its own, " + method.getName() + "Response");
            }
        }
    }

    private static void lint(String where, DescriptorProto message, List<String> findings) {
        var name = where + "." + message.getName();
        if (message.getOptions().getMapEntry()) {
            return;
        }
        if (!PASCAL.matcher(message.getName()).matches()) {
            findings.add(name + ": a message's name must be in PascalCase");
        }
        for (var field : message.getFieldList()) {
            if (!SNAKE.matcher(field.getName()).matches()) {
                findings.add(name + "." + field.getName() + ": a field's name must be in lower_snake_case");
            }
        }
        message.getEnumTypeList().forEach(type -> lint(name, type, findings));
        message.getNestedTypeList().forEach(type -> lint(name, type, findings));
    }

    private static void lint(String where, EnumDescriptorProto type, List<String> findings) {
        var name = where + "." + type.getName();
        var prefix = type.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT) + "_";
        if (!PASCAL.matcher(type.getName()).matches()) {
            findings.add(name + ": an enum's name must be in PascalCase");
        }
        for (var value : type.getValueList()) {
            if (!UPPER_SNAKE.matcher(value.getName()).matches()
                    || !value.getName().startsWith(prefix)) {
                findings.add(
                        name + "." + value.getName() + ": a value's name must be in UPPER_SNAKE_CASE, after " + prefix);
            }
            if (value.getNumber() == 0 && !value.getName().equals(prefix + "UNSPECIFIED")) {
                findings.add(name + "." + value.getName() + ": the value 0 must be " + prefix + "UNSPECIFIED");
            }
        }
    }

    /// The paths of what has a comment before it.
    private static Set<List<Integer>> commented(FileDescriptorProto file) {
        return file.getSourceCodeInfo().getLocationList().stream()
                .filter(location -> !location.getLeadingComments().isBlank())
                .map(Location::getPathList)
                .collect(Collectors.toSet());
    }

    /// All that clients can rely on, a line each: `what = how it is`; sorted.
    static List<String> surface(List<FileDescriptorProto> files) {
        var lines = new TreeMap<String, String>();
        for (var file : files) {
            var where = file.getPackage();
            file.getServiceList()
                    .forEach(service -> service.getMethodList()
                            .forEach(method -> lines.put(
                                    "rpc " + where + "." + service.getName() + "/" + method.getName(),
                                    describe(method))));
            file.getMessageTypeList().forEach(message -> surface(where, message, lines));
            file.getEnumTypeList().forEach(type -> surface(where, type, lines));
        }
        return lines.entrySet().stream()
                .map(line -> line.getKey() + " = " + line.getValue())
                .sorted()
                .toList();
    }

    private static String describe(MethodDescriptorProto method) {
        return "%s%s -> %s%s%s"
                .formatted(
                        method.getClientStreaming() ? "stream " : "",
                        method.getInputType(),
                        method.getServerStreaming() ? "stream " : "",
                        method.getOutputType(),
                        switch (method.getOptions().getIdempotencyLevel()) {
                            case IDEMPOTENCY_UNKNOWN -> "";
                            case NO_SIDE_EFFECTS -> " NO_SIDE_EFFECTS";
                            case IDEMPOTENT -> " IDEMPOTENT";
                        });
    }

    private static void surface(String where, DescriptorProto message, Map<String, String> lines) {
        var name = where + "." + message.getName();
        lines.put("message " + name, THERE);
        for (var field : message.getFieldList()) {
            lines.put("field " + name + "/" + field.getNumber(), describe(message, field));
        }
        for (var range : message.getReservedRangeList()) {
            lines.put("reserved " + name + "/" + range.getStart() + ".." + (range.getEnd() - 1), THERE);
        }
        message.getNestedTypeList().forEach(nested -> surface(name, nested, lines));
        message.getEnumTypeList().forEach(nested -> surface(name, nested, lines));
    }

    private static String describe(DescriptorProto message, FieldDescriptorProto field) {
        var type = field.getTypeName().isEmpty()
                ? field.getType().name().substring("TYPE_".length()).toLowerCase(Locale.ROOT)
                : field.getTypeName();
        var label = field.getLabel() == FieldDescriptorProto.Label.LABEL_REPEATED
                ? "repeated "
                : field.getProto3Optional() ? "optional " : "";
        var oneof = field.hasOneofIndex() && !field.getProto3Optional()
                ? " oneof " + message.getOneofDecl(field.getOneofIndex()).getName()
                : "";
        return label + type + " " + field.getName() + " json " + field.getJsonName() + oneof;
    }

    private static void surface(String where, EnumDescriptorProto type, Map<String, String> lines) {
        var name = where + "." + type.getName();
        lines.put("enum " + name, THERE);
        type.getValueList().forEach(value -> lines.put("value " + name + "/" + value.getNumber(), value.getName()));
        for (var range : type.getReservedRangeList()) {
            lines.put("reserved " + name + "/" + range.getStart() + ".." + range.getEnd(), THERE);
        }
    }

    /// What was there before and is gone or otherwise now. A field or a value may go if its number is reserved, a method
    /// may be declared idempotent; all else may only be added.
    static List<String> broken(List<String> before, List<String> current) {
        var now = current.stream()
                .map(line -> line.split(" = ", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        var findings = new ArrayList<String>();
        for (var line : before) {
            var parts = line.split(" = ", 2);
            var kind = parts[0].substring(0, parts[0].indexOf(' '));
            var name = parts[0].substring(kind.length() + 1);
            var found = now.get(parts[0]);
            if (found == null) {
                if (!isNumbered(kind) || now.keySet().stream().noneMatch(each -> reserves(each, name))) {
                    findings.add(parts[0] + " was " + parts[1] + " and is gone" + hint(kind));
                }
            } else if (!found.equals(parts[1]) && !(kind.equals("rpc") && found.startsWith(parts[1] + " "))) {
                findings.add(parts[0] + " was " + parts[1] + " and is " + found);
            }
        }
        return findings;
    }

    private static boolean isNumbered(String kind) {
        return kind.equals("field") || kind.equals("value");
    }

    /// @param name of a field or value: its type and number, with `/` between
    private static boolean reserves(String line, String name) {
        var range = RESERVED.matcher(line);
        var slash = name.lastIndexOf('/');
        var number = Integer.parseInt(name.substring(slash + 1));
        return range.matches()
                && range.group(1).equals(name.substring(0, slash))
                && Integer.parseInt(range.group(2)) <= number
                && number <= Integer.parseInt(range.group(3));
    }

    private static String hint(String kind) {
        return isNumbered(kind) ? "; reserve its number" : "";
    }
}
