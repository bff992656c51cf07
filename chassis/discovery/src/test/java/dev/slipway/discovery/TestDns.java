package dev.slipway.discovery;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A name server on loopback (RFC 1035, UDP only): A, AAAA and SRV records that a test changes.
final class TestDns implements AutoCloseable {
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int SRV = 33;
    private static final int NO_SUCH_NAME = 0x8183;
    private static final int SERVER_FAILURE = 0x8182;
    private static final int FOUND = 0x8180;

    private final DatagramSocket socket =
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final Map<String, List<String>> records = new ConcurrentHashMap<>();
    private volatile boolean broken;

    TestDns() throws IOException {
        Thread.ofVirtual().start(this::serve);
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /// Addresses, or SRV records as `priority weight port target`.
    void set(String name, String... values) {
        records.put(name, List.of(values));
    }

    void remove(String name) {
        records.remove(name);
    }

    void broken(boolean now) {
        broken = now;
    }

    private void serve() {
        var buffer = new byte[512];
        try {
            while (true) {
                var question = new DatagramPacket(buffer, buffer.length);
                socket.receive(question);
                var answer = answer(buffer);
                socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
            }
        } catch (IOException e) {
            broken = true;
        }
    }

    private byte[] answer(byte[] packet) throws IOException {
        var question = ByteBuffer.wrap(packet);
        var id = question.getShort(0);
        question.position(12);
        var name = new StringBuilder();
        for (var length = question.get(); length > 0; length = question.get()) {
            var label = new byte[length];
            question.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        var type = question.getShort();
        question.getShort();
        var found = records.get(name.toString());
        var values = found == null
                ? List.<String>of()
                : found.stream().filter(it -> typeOf(it) == type).toList();
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(broken ? SERVER_FAILURE : found == null ? NO_SUCH_NAME : FOUND);
        out.writeShort(1);
        out.writeShort(broken ? 0 : values.size());
        out.writeInt(0);
        out.write(packet, 12, question.position() - 12);
        for (var value : broken ? List.<String>of() : values) {
            out.writeShort(0xc00c);
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(1);
            var data = data(value);
            out.writeShort(data.length);
            out.write(data);
        }
        return bytes.toByteArray();
    }

    private static int typeOf(String value) {
        return value.contains(" ") ? SRV : value.contains(":") ? AAAA : A;
    }

    private static byte[] data(String value) throws IOException {
        if (typeOf(value) != SRV) {
            return InetAddress.ofLiteral(value).getAddress();
        }
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        var parts = value.split(" ", -1);
        for (var i = 0; i < 3; i++) {
            out.writeShort(Integer.parseInt(parts[i]));
        }
        for (var label : parts[3].split("\\.", -1)) {
            out.writeByte(label.length());
            out.writeBytes(label);
        }
        out.writeByte(0);
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
