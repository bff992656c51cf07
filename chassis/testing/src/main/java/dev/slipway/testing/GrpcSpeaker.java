package dev.slipway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Asks by gRPC, as the service's own reflection describes it: no class that was generated from a proto file is needed.
///
/// An operation's method has its name. Its parameters are the fields of the request that are called so, or end so
/// (`variant_id`); its input is the one message in the request, or the request itself.
final class GrpcSpeaker implements Speaker {
    private static final String TIMESTAMP = "google.protobuf.Timestamp";

    private final TestService service;
    private final ManagedChannel channel;
    private final Map<String, MethodDescriptor> methods = new LinkedHashMap<>();

    private GrpcSpeaker(TestService service, ManagedChannel channel) {
        this.service = service;
        this.channel = channel;
    }

    /// Nothing if the service does not speak gRPC.
    static Optional<GrpcSpeaker> of(TestService service) {
        if (!service.speaks("grpc")) {
            return Optional.empty();
        }
        var channel = NettyChannelBuilder.forAddress(
                        "localhost", service.address("grpc").getPort())
                .usePlaintext()
                .build();
        var speaker = new GrpcSpeaker(service, channel);
        speaker.look();
        return Optional.of(speaker);
    }

    @Override
    public String protocol() {
        return "gRPC";
    }

    Collection<MethodDescriptor> methods() {
        return methods.values();
    }

    @Override
    public boolean knows(String operation) {
        return methods.containsKey(operation);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    @Override
    public Answer ask(Question question) throws InvalidProtocolBufferException {
        var method = Objects.requireNonNull(methods.get(question.operation()));
        var metadata = new Metadata();
        if (!question.subject().isEmpty()) {
            put(metadata, "authorization", "Bearer " + service.token(question.subject(), question.roles()));
        }
        question.key().ifPresent(key -> put(metadata, "idempotency-key", key));
        return send(method, request(method.getInputType(), question), metadata);
    }

    Answer send(MethodDescriptor method, DynamicMessage request, Metadata metadata)
            throws InvalidProtocolBufferException {
        var call = io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(io.grpc.MethodDescriptor.generateFullMethodName(
                        method.getService().getFullName(), method.getName()))
                .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
                .setResponseMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
                .build();
        try {
            var response = ClientCalls.blockingUnaryCall(
                    ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
                    call,
                    CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                    request);
            return Answer.done(value(response), false);
        } catch (StatusRuntimeException e) {
            return refusal(e);
        }
    }

    static void put(Metadata metadata, String name, String value) {
        metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    }

    private static Answer refusal(StatusRuntimeException e) throws InvalidProtocolBufferException {
        var status = StatusProto.fromThrowable(e);
        var code = e.getStatus().toString();
        var errors = new JsonMapper().createArrayNode();
        for (var detail : status == null ? List.<com.google.protobuf.Any>of() : status.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                code = detail.unpack(ErrorInfo.class).getReason();
            } else if (detail.is(BadRequest.class)) {
                detail.unpack(BadRequest.class)
                        .getFieldViolationsList()
                        .forEach(field -> errors.addObject()
                                .put("field", field.getField())
                                .put("code", field.getReason()));
            }
        }
        return Answer.refused(code, errors);
    }

    private static DynamicMessage request(Descriptor type, Question question) {
        var request = DynamicMessage.newBuilder(type);
        var input = type.getFields().stream()
                .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isRepeated())
                .filter(field -> !field.getMessageType().getFullName().startsWith("google.protobuf."))
                .findFirst();
        for (var field : type.getFields()) {
            question.parameters().forEach((name, value) -> {
                if (field.getName().equals(name) || field.getName().endsWith("_" + name)) {
                    request.setField(field, value);
                }
            });
            if (field.getName().equals("expected_version")) {
                question.version().ifPresent(version -> request.setField(field, version));
            }
        }
        input.ifPresentOrElse(
                field -> request.setField(field, message(field.getMessageType(), question.input())),
                () -> fill(request, question.input()));
        return request.build();
    }

    private static Message message(Descriptor type, JsonNode value) {
        var message = DynamicMessage.newBuilder(type);
        fill(message, value);
        return message.build();
    }

    private static void fill(DynamicMessage.Builder message, JsonNode value) {
        for (var field : message.getDescriptorForType().getFields()) {
            var part = value.path(field.getJsonName());
            if (part.isArray() && field.isRepeated()) {
                part.forEach(element -> message.addRepeatedField(field, single(field, element)));
            } else if (!part.isMissingNode() && !part.isNull()) {
                message.setField(field, single(field, part));
            }
        }
    }

    private static Object single(FieldDescriptor field, JsonNode value) {
        return switch (field.getJavaType()) {
            case INT -> value.asInt();
            case LONG -> value.asLong();
            case FLOAT -> (float) value.asDouble();
            case DOUBLE -> value.asDouble();
            case BOOLEAN -> value.asBoolean();
            case STRING -> value.asText();
            case BYTE_STRING -> ByteString.copyFromUtf8(value.asText());
            case ENUM -> constant(field, value.asText());
            case MESSAGE -> message(field.getMessageType(), value);
        };
    }

    private static EnumValueDescriptor constant(FieldDescriptor field, String text) {
        var wanted = Question.constant(text);
        return field.getEnumType().getValues().stream()
                .filter(value -> value.getName().endsWith("_" + wanted))
                .findFirst()
                .orElseGet(() -> field.getEnumType().findValueByNumberCreatingIfUnknown(77));
    }

    /// A response that holds nothing but one message is that message.
    private static JsonNode value(Message message) {
        var fields = message.getDescriptorForType().getFields();
        return fields.size() == 1
                        && fields.getFirst().getJavaType() == FieldDescriptor.JavaType.MESSAGE
                        && !fields.getFirst().isRepeated()
                ? object((Message) message.getField(fields.getFirst()))
                : object(message);
    }

    private static ObjectNode object(Message message) {
        var object = new JsonMapper().createObjectNode();
        for (var field : message.getDescriptorForType().getFields()) {
            if (field.isRepeated()) {
                var array = object.putArray(field.getJsonName());
                ((List<?>) message.getField(field)).forEach(element -> array.add(single(field, element)));
            } else {
                var absent = field.hasPresence() && !message.hasField(field);
                object.set(field.getJsonName(), absent ? NullNode.instance : single(field, message.getField(field)));
            }
        }
        return object;
    }

    private static JsonNode single(FieldDescriptor field, Object value) {
        var json = new JsonMapper();
        return switch (value) {
            case EnumValueDescriptor constant -> json.valueToTree(withoutPrefix(constant));
            case Message timestamp
            when field.getMessageType().getFullName().equals(TIMESTAMP) ->
                json.valueToTree(
                        Instant.ofEpochSecond((long) part(timestamp, "seconds"), (int) part(timestamp, "nanos"))
                                .toString());
            case Message message -> object(message);
            default -> json.valueToTree(value);
        };
    }

    private static Object part(Message message, String name) {
        return message.getField(message.getDescriptorForType().findFieldByName(name));
    }

    /// `STATUS_ACTIVE` of the enum `Status`, or `USER_STATUS_ACTIVE` of `UserStatus`, is `ACTIVE`.
    private static String withoutPrefix(EnumValueDescriptor constant) {
        var prefix = constant.getType()
                .getName()
                .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .toUpperCase(Locale.ROOT);
        return constant.getName().replaceFirst("^" + prefix + "_", "");
    }

    private void look() {
        var listed =
                reflect(ServerReflectionRequest.newBuilder().setListServices("").build());
        var files = new HashMap<String, FileDescriptorProto>();
        var names = listed.getListServicesResponse().getServiceList().stream()
                .map(each -> each.getName())
                .filter(name -> !name.startsWith("grpc."))
                .toList();
        try {
            for (var name : names) {
                var found = reflect(ServerReflectionRequest.newBuilder()
                        .setFileContainingSymbol(name)
                        .build());
                var first = "";
                for (var bytes : found.getFileDescriptorResponse().getFileDescriptorProtoList()) {
                    var file = FileDescriptorProto.parseFrom(bytes);
                    files.put(file.getName(), file);
                    first = first.isEmpty() ? file.getName() : first;
                }
                descriptor(first, files, new HashMap<>())
                        .getServices()
                        .forEach(each -> each.getMethods().stream()
                                .filter(method -> !method.isClientStreaming() && !method.isServerStreaming())
                                .forEach(method -> methods.put(
                                        method.getName().substring(0, 1).toLowerCase(Locale.ROOT)
                                                + method.getName().substring(1),
                                        method)));
            }
        } catch (InvalidProtocolBufferException | DescriptorValidationException e) {
            throw new IllegalStateException("the service does not describe itself well", e);
        }
    }

    private static FileDescriptor descriptor(
            String name, Map<String, FileDescriptorProto> files, Map<String, FileDescriptor> built)
            throws DescriptorValidationException {
        var known = built.get(name);
        if (known != null) {
            return known;
        }
        var file = Objects.requireNonNull(files.get(name), name);
        var uses = new ArrayList<FileDescriptor>();
        for (var used : file.getDependencyList()) {
            uses.add(descriptor(used, files, built));
        }
        var descriptor = FileDescriptor.buildFrom(file, uses.toArray(FileDescriptor[]::new));
        built.put(name, descriptor);
        return descriptor;
    }

    private ServerReflectionResponse reflect(ServerReflectionRequest request) {
        var options = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
        return ClientCalls.blockingServerStreamingCall(
                        channel, ServerReflectionGrpc.getServerReflectionInfoMethod(), options, request)
                .next();
    }
}
