package dev.slipway.grpc;

import static dev.slipway.grpc.Http2Connection.ACK;
import static dev.slipway.grpc.Http2Connection.DATA;
import static dev.slipway.grpc.Http2Connection.END_HEADERS;
import static dev.slipway.grpc.Http2Connection.END_STREAM;
import static dev.slipway.grpc.Http2Connection.HEADERS;
import static dev.slipway.grpc.Http2Connection.PING;
import static dev.slipway.grpc.Http2Connection.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import dev.slipway.grpc.Http2Connection.Frame;
import dev.slipway.grpc.harbour.v1.ShipServiceGrpc;
import dev.slipway.grpc.parcel.v1.ParcelServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever is sent, it is answered or refused: no input alone is a failure of the service, or leaves a stack in its log.
@Timeout(120)
class FuzzTest {
    private static final int CALLS = 1_500;
    private static final int CONNECTIONS = 600;
    private static final Set<Status.Code> FAILURES =
            Set.of(Status.Code.INTERNAL, Status.Code.UNKNOWN, Status.Code.DATA_LOSS);
    private static final List<MethodDescriptor<?, ?>> METHODS = Stream.of(
                    ShipServiceGrpc.getServiceDescriptor(), ParcelServiceGrpc.getServiceDescriptor())
            .flatMap(service -> service.getMethods().stream())
            // It fails on purpose.
            .filter(method -> !method.equals(ShipServiceGrpc.getRunTaskMethod()))
            .toList();
    private static final List<String> TEXTS = List.of(
            "",
            "Vasa",
            Harbour.KNOWN.toString(),
            "0198f1d2-0000-7000-8000-00000000000",
            "2026-11-30",
            "+999999999-12-31",
            "context",
            "NONE",
            "\u0000",
            "a\u0000b",
            "\uFEFF",
            "e\u0301",
            "\ud83d\ude00",
            "\u202e",
            "\n",
            "x".repeat(300));
    /// No UTF-8: a byte alone, an overlong form, half a surrogate pair, what is beyond the last plane.
    private static final List<String> NO_TEXT = List.of("ff", "c080", "eda080", "f4908080", "c3", "41e28228");
    private static final List<Long> NUMBERS = List.of(
            0L,
            1L,
            -1L,
            2L,
            77L,
            999_999_999L,
            1_000_000_000L,
            (long) Integer.MAX_VALUE,
            (long) Integer.MIN_VALUE,
            253_402_300_799L,
            253_402_300_800L,
            -62_135_596_800L,
            -62_135_596_801L,
            315_576_000_000L,
            315_576_000_001L,
            Long.MAX_VALUE,
            Long.MIN_VALUE);
    private static final List<Double> FRACTIONS =
            List.of(0.0, -0.0, 1.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE);
    private static final List<String> KEYS = List.of(
            "authorization",
            "authorization-bin",
            "x-request-id",
            "traceparent",
            "tracestate",
            "idempotency-key",
            "x-forwarded-for",
            "x-forwarded-for-bin",
            "ratelimit",
            "user-agent",
            "grpc-encoding",
            "grpc-accept-encoding",
            "grpc-timeout",
            "grpc-previous-rpc-attempts",
            "grpc-trace-bin",
            "grpc-tags-bin",
            "grpc-status",
            "content-type",
            "content-encoding",
            "content-length",
            "te",
            "connection",
            "host",
            ":path",
            ":method",
            ":status",
            ":other",
            "X-Capital",
            "",
            "no key");
    private static final List<String> VALUES = List.of(
            "",
            "Bearer",
            "Bearer ann",
            "Bearer bad",
            "bearer  ann, Bearer ben",
            "Basic YTpi",
            "00-00000000000000000000000000000000-0000000000000000-00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-zz",
            "identity",
            "gzip",
            "br",
            "identity,gzip,\u0000",
            "GZIP",
            "0n",
            "1n",
            "1u",
            "1m",
            "99999999H",
            "999999999H",
            "99999999999999999999S",
            "-1S",
            "S",
            "1",
            "1x",
            "1 S",
            "+1S",
            "0x1S",
            "AA==",
            "AA",
            "!!",
            "AA==,AA==",
            "127.0.0.1",
            "::1, unknown, \"",
            "application/grpc+json",
            "application/grpc-web",
            "text/html",
            "/",
            "/no/such",
            "no-slash",
            "GET",
            "a\u0000b",
            "\u00ff\u00fe",
            "\r\nx: y",
            "x".repeat(300),
            "x".repeat(9_000));

    private final long seed = Long.getLong("fuzz.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Harbour harbour;

    @BeforeEach
    void open() throws InterruptedException {
        System.out.println("seed " + seed);
        harbour = Harbour.with(BindingTest.parcels());
    }

    /// The service has done all that it was asked for when it has stopped.
    @AfterEach
    void no_failure() {
        harbour.close();
        assertThat(harbour.stacks()).isEmpty();
        for (var timer : harbour.meters.find("grpc.server.requests").timers()) {
            if (FAILURES.contains(
                    Status.Code.valueOf(Objects.requireNonNull(timer.getId().getTag("status"))))) {
                assertThat(timer.count()).as(timer.getId().toString()).isZero();
            }
        }
    }

    @Test
    void no_message_is_a_failure_of_the_service() throws IOException {
        var channel = harbour.channel();
        for (var i = 0; i < CALLS; i++) {
            var method = any(METHODS);
            var message = random.nextInt(10) == 0 ? noise(200) : message(input(method), 5);
            if (random.nextInt(4) == 0) {
                damage(message);
            }
            require(method, message, asked(channel, method, message));
        }
    }

    private void require(MethodDescriptor<?, ?> method, byte[] message, Optional<StatusRuntimeException> failure) {
        var described = "%s of %s".formatted(HexFormat.of().formatHex(message), method.getFullMethodName());
        failure.ifPresent(refused -> {
            assertThat(refused.getStatus().getCode()).as(described).isNotIn(FAILURES);
            assertThat(GrpcProblems.of(refused)).as(described).isPresent();
        });
        assertThat(harbour.stacks()).as(described).isEmpty();
    }

    private Optional<StatusRuntimeException> asked(Channel channel, MethodDescriptor<?, ?> method, byte[] message) {
        // What is sent is the same; and so is what is answered, unless it is a stream.
        var raw = method.toBuilder(Harbour.BYTES, Harbour.BYTES)
                .setType(MethodType.SERVER_STREAMING)
                .build();
        var options = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
        var known = ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(Harbour.metadata("authorization", "Bearer ann")));
        try {
            var answers = ClientCalls.blockingServerStreamingCall(
                    known, raw, random.nextInt(5) == 0 ? options.withCompression("gzip") : options, message);
            for (var i = 0; i < 20 && answers.hasNext(); i++) {
                answers.next();
            }
            return Optional.empty();
        } catch (StatusRuntimeException e) {
            return Optional.of(e);
        }
    }

    private static Descriptor input(MethodDescriptor<?, ?> method) {
        return ((ProtoMethodDescriptorSupplier) Objects.requireNonNull(method.getSchemaDescriptor()))
                .getMethodDescriptor()
                .getInputType();
    }

    /// By hand, since a library refuses to write what is wrong. Mostly of the right types.
    private byte[] message(Descriptor type, int depth) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        for (var field : type.getFields()) {
            var times = field.isRepeated() ? random.nextInt(4) : random.nextInt(8) == 0 ? 2 : 1;
            for (var i = 0; i < times; i++) {
                if (field.isRepeated() || random.nextInt(6) > 0) {
                    write(out, field, depth);
                }
            }
        }
        if (random.nextInt(6) == 0) {
            out.writeInt64(1_000 + random.nextInt(1_000), random.nextLong());
            out.writeByteArray(536_870_911, noise(20));
        }
        out.flush();
        return bytes.toByteArray();
    }

    private void write(CodedOutputStream out, FieldDescriptor field, int depth) throws IOException {
        var number = field.getNumber();
        switch (random.nextInt(40)) {
            case 0 -> out.writeFixed32(number, random.nextInt());
            case 1 -> out.writeInt64(number, random.nextLong());
            case 2 -> out.writeByteArray(number, noise(20));
            case 3 -> {
                out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                out.writeUInt32NoTag(any(List.of(1_000, Integer.MAX_VALUE, -1)));
            }
            default -> {
                switch (field.getType()) {
                    case DOUBLE -> out.writeDouble(number, any(FRACTIONS));
                    case FLOAT -> out.writeFloat(number, any(FRACTIONS).floatValue());
                    case STRING -> out.writeByteArray(number, text());
                    case BYTES -> out.writeByteArray(number, noise(50));
                    case MESSAGE ->
                        out.writeByteArray(
                                number, depth == 0 ? new byte[0] : message(field.getMessageType(), depth - 1));
                    default -> out.writeInt64(number, random.nextInt(3) == 0 ? any(NUMBERS) : random.nextInt(4));
                }
            }
        }
    }

    private byte[] text() {
        return random.nextInt(20) == 0
                ? HexFormat.of().parseHex(any(NO_TEXT))
                : any(TEXTS).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void a_message_within_a_message_without_end_is_no_failure() throws IOException {
        var parcel = input(ParcelServiceGrpc.getSendParcelMethod()).findFieldByName("parcel");
        var inner = parcel.getMessageType().findFieldByName("inner");
        for (var depth : List.of(2, 50, 99, 100, 101, 5_000)) {
            var bytes = "\n$%s\u00aa\u0001\n2026-11-30".formatted(Harbour.KNOWN).getBytes(StandardCharsets.ISO_8859_1);
            for (var i = 0; i < depth; i++) {
                var around = new ByteArrayOutputStream();
                var out = CodedOutputStream.newInstance(around);
                out.writeString(1, Harbour.KNOWN.toString());
                out.writeString(21, "2026-11-30");
                out.writeByteArray(inner.getNumber(), bytes);
                out.flush();
                bytes = around.toByteArray();
            }
            var request = new ByteArrayOutputStream();
            var out = CodedOutputStream.newInstance(request);
            out.writeByteArray(parcel.getNumber(), bytes);
            out.writeInt64(2, 1);
            out.flush();
            var method = ParcelServiceGrpc.getSendParcelMethod();

            var failure = asked(harbour.channel(), method, request.toByteArray());

            require(method, request.toByteArray(), failure);
            assertThat(failure.isEmpty()).as("%s deep: %s", depth, failure).isEqualTo(depth < 100);
        }
    }

    @Test
    void no_metadata_is_a_failure_of_the_service() throws Exception {
        for (var i = 0; i < CONNECTIONS; i++) {
            var headers = Http2Connection.call(any(METHODS).getFullMethodName());
            var added = new ArrayList<String>();
            for (var j = 1 + random.nextInt(4); j > 0; j--) {
                var key = any(KEYS);
                var value = any(VALUES);
                added.add(key + "=" + value);
                if (random.nextInt(3) == 0) {
                    headers.add(key, value);
                } else {
                    headers.set(key, value);
                }
            }
            try (var connection = Http2Connection.to(harbour.address())) {
                connection
                        .frame(HEADERS, END_HEADERS, 1, Http2Connection.block(headers))
                        .frame(DATA, END_STREAM, 1, Http2Connection.message(new byte[0]));
                connection.send();
                require(connection, added.toString());
            }
        }
    }

    @Test
    void no_frames_are_a_failure_of_the_service() throws Exception {
        for (var i = 0; i < CONNECTIONS; i++) {
            try (var connection = Http2Connection.to(harbour.address())) {
                var sent = new ArrayList<String>();
                for (var j = 1 + random.nextInt(8); j > 0; j--) {
                    var frame = frame();
                    sent.add("%s/%s/%s %s"
                            .formatted(
                                    frame.type(),
                                    frame.flags(),
                                    frame.stream(),
                                    HexFormat.of().formatHex(frame.payload())));
                    connection.frame(frame.type(), frame.flags(), frame.stream(), frame.payload());
                }
                if (random.nextInt(3) == 0) {
                    connection.send(random.nextInt(400));
                } else {
                    connection.send();
                    require(connection, sent.toString());
                }
            }
        }
    }

    private Frame frame() throws IOException {
        var stream = random.nextInt(6) == 0 ? random.nextInt(8) : 1 + 2 * random.nextInt(3);
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 ->
                new Frame(
                        HEADERS,
                        END_HEADERS | (random.nextInt(5) == 0 ? END_STREAM : 0),
                        stream,
                        Http2Connection.block(Http2Connection.call(any(METHODS).getFullMethodName())));
            case 4, 5, 6 -> {
                var content = message(input(any(METHODS)), 2);
                var message = Http2Connection.message(content);
                if (random.nextInt(3) == 0) {
                    message[random.nextInt(5)] = (byte) random.nextInt(4);
                }
                yield new Frame(
                        DATA,
                        random.nextBoolean() ? END_STREAM : 0,
                        stream,
                        random.nextInt(3) == 0
                                ? java.util.Arrays.copyOf(message, random.nextInt(message.length))
                                : message);
            }
            case 7 -> new Frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, (byte) random.nextInt(15)});
            case 8 -> new Frame(random.nextInt(12), random.nextInt(256), stream, noise(40));
            default -> new Frame(HEADERS, random.nextInt(64), stream, noise(60));
        };
    }

    /// What the transport answers by itself has come when the answer to a ping has.
    private void require(Http2Connection connection, String described) throws Exception {
        connection
                .frame(PING, 0, 0, "are you?".getBytes(StandardCharsets.US_ASCII))
                .send();
        for (var frame = connection.read(); frame.isPresent(); frame = connection.read()) {
            var it = frame.get();
            if (it.type() == HEADERS) {
                var headers = connection.headers(it);
                // Who does not speak gRPC is told so by HTTP.
                var status =
                        headers.status() == null || headers.status().toString().equals("200")
                                ? headers.get("grpc-status")
                                : null;
                if (status != null
                        && FAILURES.contains(Status.fromCodeValue(Integer.parseInt(status.toString()))
                                .getCode())) {
                    fail("seed %s: %s is answered by %s", seed, described, headers);
                }
                if (headers.status() != null) {
                    assertThat(Integer.parseInt(headers.status().toString()))
                            .as(described)
                            .isLessThan(500);
                }
            }
            if (it.type() == PING && it.flags() == ACK) {
                break;
            }
        }
        assertThat(harbour.stacks()).as("seed %s: %s", seed, described).isEmpty();
    }

    private byte[] noise(int most) {
        var bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private void damage(byte[] message) {
        for (var i = 0; message.length > 0 && i < 3; i++) {
            message[random.nextInt(message.length)] = (byte) random.nextInt();
        }
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
