package dev.slipway.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.graphql.SocketReader.Message;
import io.helidon.common.buffers.DataReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketReaderTest {
    private static final int MOST = 1000;
    private static final String SCRIPTS = "aé€𝄞 Ω Ж ש ع ह 中 あ 한 👩‍👩‍👧 e\u0301 \u0000 \uFEFF";

    private final Random random = new Random(seed());

    private static long seed() {
        var seed = System.nanoTime();
        System.out.println("seed " + seed);
        return seed;
    }

    /// A frame of a client; `first` has the kind and its flags.
    static byte[] frame(int first, byte[] payload) {
        var out = new ByteArrayOutputStream();
        out.write(first);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else {
            out.write(0x80 | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        }
        var mask = new byte[] {1, 2, 3, 4};
        out.writeBytes(mask);
        for (var i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ mask[i & 3]);
        }
        return out.toByteArray();
    }

    static byte[] join(List<byte[]> parts) {
        var out = new ByteArrayOutputStream();
        parts.forEach(out::writeBytes);
        return out.toByteArray();
    }

    /// What is read of bytes that arrive in random pieces; the code that closes at last, or nothing for a client that went.
    private List<Object> read(byte[] sent) {
        var at = new int[1];
        var reader = new SocketReader(
                new DataReader(() -> {
                    if (at[0] == sent.length) {
                        return null;
                    }
                    var end = Math.min(sent.length, at[0] + 1 + random.nextInt(50));
                    var piece = Arrays.copyOfRange(sent, at[0], end);
                    at[0] = end;
                    return piece;
                }),
                MOST);
        var read = new ArrayList<Object>();
        try {
            while (true) {
                var message = reader.next();
                if (!(message instanceof Message.Piece)) {
                    read.add(message);
                }
            }
        } catch (SocketReader.RefusedException e) {
            read.add(e.code());
        } catch (DataReader.InsufficientDataAvailableException e) {
            assertThat(at[0]).isEqualTo(sent.length);
        }
        return read;
    }

    @Test
    void text_is_the_same_wherever_its_bytes_were_cut() {
        for (var i = 0; i < 300; i++) {
            var text = SCRIPTS.repeat(random.nextInt(6));
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            var frames = new ArrayList<byte[]>();
            for (var at = 0; at < bytes.length || frames.isEmpty(); ) {
                var end = Math.min(bytes.length, at + random.nextInt(30));
                var kind = frames.isEmpty() ? 1 : 0;
                frames.add(frame(end == bytes.length ? 0x80 | kind : kind, Arrays.copyOfRange(bytes, at, end)));
                if (random.nextInt(4) == 0 && end < bytes.length) {
                    frames.add(frame(0x8a, new byte[0]));
                }
                at = end;
                if (bytes.length == 0) {
                    break;
                }
            }

            assertThat(read(join(frames)).stream().filter(Message.Text.class::isInstance))
                    .containsExactly(new Message.Text(text));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // invalid UTF-8: a byte alone, an overlong slash, a surrogate, beyond Unicode, cut off
        "81, ff, 1007",
        "81, c0af, 1007",
        "81, eda080, 1007",
        "81, f4908080, 1007",
        "81, e282, 1007",
        // binary; continuing what was not begun; unknown kinds; reserved bits
        "82, 00, 1003",
        "02, 00, 1003",
        "80, 61, 1002",
        "83, '', 1002",
        "8b, '', 1002",
        "c1, 61, 1002",
        // control frames: cut, with a code of one byte, with codes that nobody sends, with a reason that is no text
        "09, '', 1002",
        "88, 03, 1002",
        "88, 03ed, 1002",
        "88, 03e7, 1002",
        "88, 0bb7, 1002",
        "88, 03e8ff, 1007"
    })
    void what_the_protocol_forbids_is_refused_with_its_code(String kind, String payload, int code) {
        var bytes = java.util.HexFormat.of().parseHex(payload);

        assertThat(read(frame(Integer.parseInt(kind, 16), bytes))).containsExactly(code);
    }

    @Test
    void a_message_is_bounded_before_it_is_read_however_many_frames_it_comes_in() {
        assertThat(read(frame(0x81, new byte[MOST + 1]))).containsExactly(SocketCodes.TOO_LARGE);
        assertThat(read(join(List.of(frame(0x01, new byte[MOST]), frame(0x80, new byte[1])))))
                .containsExactly(SocketCodes.TOO_LARGE);
        assertThat(read(new byte[] {(byte) 0x81, (byte) 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0}))
                .containsExactly(SocketCodes.TOO_LARGE);
        assertThat(read(new byte[] {(byte) 0x81, (byte) 0xff, (byte) 0xff, 0, 0, 0, 0, 0, 0, 0}))
                .containsExactly(SocketCodes.PROTOCOL_ERROR);
        assertThat(read(frame(0x89, new byte[126]))).containsExactly(SocketCodes.PROTOCOL_ERROR);
    }

    @Test
    void a_message_does_not_begin_inside_another() {
        assertThat(read(join(List.of(frame(0x01, new byte[] {'a'}), frame(0x81, new byte[] {'b'})))))
                .containsExactly(SocketCodes.PROTOCOL_ERROR);
    }

    @Test
    void a_frame_without_a_mask_is_refused() {
        assertThat(read(new byte[] {(byte) 0x81, 1, 'a'})).containsExactly(SocketCodes.PROTOCOL_ERROR);
    }

    @Test
    void a_client_that_closes_says_why_or_does_not() {
        assertThat(read(frame(0x88, new byte[0]))).startsWith(new Message.Close(SocketCodes.NORMAL));
        assertThat(read(frame(0x88, new byte[] {0x0f, (byte) 0xa0, 'x'}))).startsWith(new Message.Close(4000));
    }

    @Test
    void whatever_bytes_come_they_are_read_or_refused_with_a_code() {
        for (var i = 0; i < 20_000; i++) {
            var bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (bytes.length > 1 && random.nextBoolean()) {
                bytes[0] = (byte) (0x80 | random.nextInt(11));
                bytes[1] = (byte) (0x80 | random.nextInt(20));
            }

            assertThat(read(bytes))
                    .allMatch(found -> found instanceof Message || (found instanceof Integer code && code >= 1002));
        }
    }

    @Test
    void a_reason_is_cut_between_characters_to_what_fits() {
        var frame = Socket.closeFrame(SocketCodes.ALREADY_EXISTS, "€".repeat(100));

        assertThat(frame).hasSize(2 + 123);
        assertThat(new String(frame, 2, 123, StandardCharsets.UTF_8)).isEqualTo("€".repeat(41));
        assertThat(Socket.closeFrame(1000, "")).hasSize(2);
    }
}
