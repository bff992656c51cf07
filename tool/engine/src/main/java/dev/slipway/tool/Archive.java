package dev.slipway.tool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// Reads a zip that may be hostile.
///
/// The JDK reads the entries; the modes, which its API hides, are taken from the central directory
/// (APPNOTE.TXT 4.3.12, "external file attributes", where Unix tools keep `st_mode` in the upper half).
final class Archive {

    private static final int LARGEST_ARCHIVE = 64 * 1024 * 1024;
    /// Text compresses ten times or so; a bomb a thousand times.
    private static final int HIGHEST_RATIO = 200;
    private static final int RATIO_MATTERS_FROM = 64 * 1024;

    private static final int CENTRAL_HEADER = 0x02014b50;
    private static final int END_RECORD = 0x06054b50;
    private static final int END_RECORD_SIZE = 22;
    private static final int UNIX = 3;

    private Archive() {}

    static List<Entry> read(Path file) throws IOException {
        if (Files.size(file) > LARGEST_ARCHIVE) {
            throw Bundle.unsafe("the archive is larger than " + LARGEST_ARCHIVE + " bytes");
        }
        Map<String, Integer> modes =
                modes(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN));
        List<Entry> entries = new ArrayList<>();
        long total = 0;
        try (var zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
            for (ZipEntry entry : zip.stream().toList()) {
                String name = entry.getName();
                boolean executable = isExecutable(name, modes.getOrDefault(name, 0), entry.isDirectory());
                PathRules.problem(entry.isDirectory() ? name.substring(0, name.length() - 1) : name)
                        .ifPresent(problem -> {
                            throw Bundle.unsafe(problem);
                        });
                if (entry.isDirectory() || name.startsWith("META-INF/")) {
                    continue;
                }
                byte[] bytes = inflate(zip, entry, Bundle.LARGEST_TOTAL - total);
                total += bytes.length;
                entries.add(new Entry(name, Content.of(bytes), executable));
            }
        } catch (ZipException | IllegalArgumentException e) {
            throw Bundle.unsafe("the archive is damaged: " + e.getMessage());
        }
        return entries;
    }

    private static byte[] inflate(ZipFile zip, ZipEntry entry, long left) throws IOException {
        int most = (int) Math.min(left, Bundle.LARGEST_ENTRY);
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readNBytes(most + 1);
        }
        if (bytes.length > most) {
            throw Bundle.unsafe("'" + entry.getName() + "' makes it too large");
        }
        if (bytes.length > RATIO_MATTERS_FROM
                && bytes.length / Math.max(1, entry.getCompressedSize()) > HIGHEST_RATIO) {
            throw Bundle.unsafe("'" + entry.getName() + "' is compressed more than " + HIGHEST_RATIO + " times");
        }
        return bytes;
    }

    private static boolean isExecutable(String name, int mode, boolean folder) {
        int type = mode & 0170000;
        int permissions = mode & 07777;
        boolean plain = type == 0 || type == (folder ? 0040000 : 0100000);
        boolean allowed = mode == 0 || permissions == 0644 || permissions == 0755;
        if (!plain || !allowed) {
            throw Bundle.unsafe("'" + PathRules.shown(name) + "' has mode " + Integer.toOctalString(mode)
                    + "; only plain files of 0644 and 0755 are allowed");
        }
        return permissions == 0755;
    }

    private static Map<String, Integer> modes(ByteBuffer zip) {
        int end = zip.limit() - END_RECORD_SIZE;
        while (end >= 0 && zip.getInt(end) != END_RECORD) {
            end--;
        }
        if (end < 0) {
            throw Bundle.unsafe("the archive is damaged: it has no end record");
        }
        int count = Short.toUnsignedInt(zip.getShort(end + 10));
        if (count > Bundle.MOST_ENTRIES) {
            throw Bundle.unsafe("it has more than " + Bundle.MOST_ENTRIES + " entries");
        }
        Map<String, Integer> modes = new HashMap<>();
        try {
            int at = zip.getInt(end + 16);
            for (int i = 0; i < count; i++) {
                if (zip.getInt(at) != CENTRAL_HEADER) {
                    throw Bundle.unsafe("the archive is damaged: its directory is not where it says");
                }
                byte[] bytes = new byte[Short.toUnsignedInt(zip.getShort(at + 28))];
                zip.get(at + 46, bytes);
                var name = new String(bytes, StandardCharsets.UTF_8);
                int mode = zip.get(at + 5) == UNIX ? zip.getInt(at + 38) >>> 16 : 0;
                if (modes.put(name, mode) != null) {
                    throw Bundle.unsafe("it has the entry '" + PathRules.shown(name) + "' twice");
                }
                at += 46
                        + bytes.length
                        + Short.toUnsignedInt(zip.getShort(at + 30))
                        + Short.toUnsignedInt(zip.getShort(at + 32));
            }
        } catch (IndexOutOfBoundsException e) {
            throw Bundle.unsafe("the archive is damaged: its directory is cut off");
        }
        return modes;
    }
}
