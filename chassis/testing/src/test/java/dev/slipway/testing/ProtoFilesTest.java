package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TextFormat.ParseException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Each rule is shown a file that breaks it, and that alone.
class ProtoFilesTest {
    private static final String SOUND = """
            name: "acme/ships/v1/ships.proto" package: "acme.ships.v1" syntax: "proto3"
            service {
              name: "ShipService"
              method { name: "ReadShip" input_type: ".acme.ships.v1.ReadShipRequest" output_type: ".acme.ships.v1.ReadShipResponse" }
            }
            message_type {
              name: "ReadShipRequest"
              field { name: "id" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL json_name: "id" }
              field { name: "flag_state" number: 2 type: TYPE_STRING label: LABEL_OPTIONAL json_name: "flagState" }
            }
            message_type { name: "ReadShipResponse" nested_type { name: "Mast" enum_type { name: "Wood" value { name: "WOOD_UNSPECIFIED" number: 0 } } } }
            enum_type { name: "ShipKind" value { name: "SHIP_KIND_UNSPECIFIED" number: 0 } value { name: "SHIP_KIND_BARQUE" number: 1 } }
            source_code_info {
              location { path: 6 path: 0 leading_comments: "Ships." }
              location { path: 6 path: 0 path: 2 path: 0 leading_comments: "Reads one." }
            }
            """;

    private static FileDescriptorProto.Builder sound() {
        var file = FileDescriptorProto.newBuilder();
        try {
            TextFormat.merge(SOUND, file);
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
        return file;
    }

    private static FileDescriptorProto changed(Consumer<FileDescriptorProto.Builder> change) {
        var file = sound();
        change.accept(file);
        return file.build();
    }

    private static FieldDescriptorProto.Builder field(FileDescriptorProto.Builder file) {
        return file.getMessageTypeBuilder(0).getFieldBuilder(1);
    }

    private static MethodDescriptorProto.Builder method(FileDescriptorProto.Builder file) {
        return file.getServiceBuilder(0).getMethodBuilder(0);
    }

    private static EnumValueDescriptorProto.Builder value(FileDescriptorProto.Builder file, int number) {
        return file.getEnumTypeBuilder(0).getValueBuilder(number);
    }

    private record Planted(String finding, Consumer<FileDescriptorProto.Builder> change) {}

    @Test
    void sound_files_have_no_findings() {
        assertThat(ProtoFiles.lint(List.of(sound().build()))).isEmpty();
    }

    /// As a Java package is written whose name is a keyword.
    @Test
    void a_package_may_have_underscores() {
        var file = sound().setPackage("acme_inc.new_.v1").setName("acme_inc/new_/v1/ships.proto");

        assertThat(ProtoFiles.lint(List.of(file.build()))).noneMatch(finding -> finding.contains("version"));
    }

    @TestFactory
    Stream<DynamicTest> each_rule_of_style_finds_what_breaks_it() {
        return Stream.of(
                        new Planted("must end in a version", file -> file.setPackage("acme.ships")),
                        new Planted("must stand in the folder", file -> file.setName("ships.proto")),
                        new Planted("must be proto3", file -> file.setSyntax("proto2")),
                        new Planted(
                                "end in Service",
                                file -> file.getServiceBuilder(0).setName("Ships")),
                        new Planted(
                                "must say in a comment what it is",
                                file -> file.getSourceCodeInfoBuilder().removeLocation(0)),
                        new Planted(
                                "must say in a comment what it does",
                                file -> file.getSourceCodeInfoBuilder().removeLocation(1)),
                        new Planted(
                                "a method's name",
                                file -> method(file)
                                        .setName("readShip")
                                        .setInputType(".acme.readShipRequest")
                                        .setOutputType(".acme.readShipResponse")),
                        new Planted(
                                "must take a message of its own",
                                file -> method(file).setInputType(".google.protobuf.Empty")),
                        new Planted(
                                "must answer a message of its own",
                                file -> method(file).setOutputType(".google.protobuf.Empty")),
                        new Planted(
                                "a message's name",
                                file -> file.getMessageTypeBuilder(0).setName("ship_request")),
                        new Planted("a field's name", file -> field(file).setName("flagState")),
                        new Planted(
                                "an enum's name",
                                file -> file.getMessageTypeBuilder(1)
                                        .getNestedTypeBuilder(0)
                                        .getEnumTypeBuilder(0)
                                        .setName("wood")),
                        new Planted("UPPER_SNAKE_CASE", file -> value(file, 1).setName("BARQUE")),
                        new Planted(
                                "the value 0 must be", file -> value(file, 0).setName("SHIP_KIND_NONE")))
                .map(planted -> DynamicTest.dynamicTest(
                        planted.finding(),
                        () -> assertThat(ProtoFiles.lint(List.of(changed(planted.change()))))
                                .singleElement()
                                .asString()
                                .contains(planted.finding())));
    }

    @TestFactory
    Stream<DynamicTest> each_change_that_breaks_clients_is_found() {
        return Stream.of(
                        new Planted(
                                "reserve its number",
                                file -> file.getMessageTypeBuilder(0).removeField(1)),
                        new Planted("reserve its number", file -> field(file).setNumber(3)),
                        new Planted("int64", file -> field(file).setType(FieldDescriptorProto.Type.TYPE_INT64)),
                        new Planted(
                                "repeated", file -> field(file).setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)),
                        new Planted("nation", file -> field(file).setName("nation")),
                        new Planted("json flag", file -> field(file).setJsonName("flag")),
                        new Planted("oneof", file -> {
                            file.getMessageTypeBuilder(0).addOneofDeclBuilder().setName("about");
                            field(file).setOneofIndex(0);
                        }),
                        new Planted(
                                "message acme.ships.v1.ReadShipResponse.Mast was",
                                file -> file.getMessageTypeBuilder(1)
                                        .getNestedTypeBuilder(0)
                                        .setName("Yard")),
                        new Planted(
                                "value acme.ships.v1.ShipKind/1",
                                file -> file.getEnumTypeBuilder(0).removeValue(1)),
                        new Planted("SHIP_KIND_BRIG", file -> value(file, 1).setName("SHIP_KIND_BRIG")),
                        new Planted("enum acme.ships.v1.ShipKind was", file -> file.removeEnumType(0)),
                        new Planted(
                                "rpc acme.ships.v1.ShipService/ReadShip was",
                                file -> file.getServiceBuilder(0).removeMethod(0)),
                        new Planted("stream .acme", file -> method(file).setServerStreaming(true)),
                        new Planted("is stream .acme", file -> method(file).setClientStreaming(true)),
                        new Planted("Other", file -> method(file).setOutputType(".acme.ships.v1.Other")),
                        new Planted(
                                "rpc acme.ships.v1.ShipService/ReadShip was", file -> file.setPackage("acme.ships.v2")))
                .map(planted -> DynamicTest.dynamicTest(
                        planted.finding(),
                        () -> assertThat(broken(sound().build(), changed(planted.change())))
                                .isNotEmpty()
                                .anyMatch(finding -> finding.contains(planted.finding()))));
    }

    @Test
    void what_only_grows_breaks_nobody() {
        var grown = changed(file -> {
            file.getMessageTypeBuilder(0)
                    .addFieldBuilder()
                    .setName("tons")
                    .setNumber(3)
                    .setType(FieldDescriptorProto.Type.TYPE_INT32);
            file.getEnumTypeBuilder(0)
                    .addValueBuilder()
                    .setName("SHIP_KIND_BRIG")
                    .setNumber(2);
            file.getServiceBuilder(0).addMethodBuilder().setName("SinkShip");
            file.getServiceBuilder(0)
                    .getMethodBuilder(0)
                    .setOptions(MethodOptions.newBuilder().setIdempotencyLevel(IdempotencyLevel.NO_SIDE_EFFECTS));
        });

        assertThat(broken(sound().build(), grown)).isEmpty();
        assertThat(broken(grown, sound().build())).hasSize(4);
    }

    @Test
    void a_field_or_value_may_go_when_its_number_is_reserved() {
        var reserved = changed(file -> {
            file.getMessageTypeBuilder(0).removeField(1);
            file.getMessageTypeBuilder(0).addReservedRangeBuilder().setStart(2).setEnd(536_870_912);
            file.getEnumTypeBuilder(0).removeValue(1);
            file.getEnumTypeBuilder(0).addReservedRangeBuilder().setStart(1).setEnd(1);
        });

        assertThat(broken(sound().build(), reserved)).isEmpty();
        assertThat(broken(reserved, sound().build()))
                .as("a number that was reserved may be in use by old clients")
                .hasSize(2);
    }

    private static List<String> broken(FileDescriptorProto before, FileDescriptorProto current) {
        return ProtoFiles.broken(ProtoFiles.surface(List.of(before)), ProtoFiles.surface(List.of(current)));
    }
}
