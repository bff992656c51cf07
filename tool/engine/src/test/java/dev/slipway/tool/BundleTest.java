package dev.slipway.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleTest {

    @TempDir
    private Path folder;

    private Path zip(Map<String, byte[]> files) throws IOException {
        Path zip = folder.resolve("bundle.zip");
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (var file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue());
            }
        }
        return zip;
    }

    private Path zip(String path) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(Manifest.FILE, Fixtures.MANIFEST.getBytes(StandardCharsets.UTF_8));
        files.put(path, new byte[] {'x'});
        return zip(files);
    }

    /// Gives every entry of a zip this `st_mode`, in its central directory.
    private static Path withMode(Path zip, int mode) throws IOException {
        byte[] bytes = Files.readAllBytes(zip);
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < bytes.length - 46; i++) {
            if (buffer.getInt(i) == 0x02014b50) {
                buffer.put(i + 5, (byte) 3);
                buffer.putInt(i + 38, mode << 16);
            }
        }
        return Files.write(zip, bytes);
    }

    private static String refused(Path zip) {
        return String.join("; ", Fixtures.problems(() -> Bundle.ofArchive(zip)));
    }

    @Test
    void a_folder_and_an_archive_of_it_are_the_same_bundle() throws IOException {
        Bundle mini = Fixtures.mini();
        List<Entry> reversed = new ArrayList<>(mini.entries()).reversed();
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("META-INF/MANIFEST.MF", new byte[] {'x'});
        for (Entry entry : reversed) {
            var bytes = new ByteArrayOutputStream();
            entry.content().writeTo(bytes);
            files.put(entry.path(), bytes.toByteArray());
        }
        files.put(
                Manifest.FILE,
                Files.readAllBytes(Fixtures.RESOURCES.resolve("template").resolve(Manifest.FILE)));
        Path zip = withMode(zip(files), 0100644);
        byte[] bytes = Files.readAllBytes(zip);
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < bytes.length - 46; i++) {
            boolean header = buffer.getInt(i) == 0x02014b50;
            if (header && new String(bytes, i + 46, buffer.getShort(i + 28), StandardCharsets.UTF_8).equals("run")) {
                buffer.putInt(i + 38, 0100755 << 16);
            }
        }
        Files.write(zip, bytes);

        Bundle archived = Bundle.ofArchive(zip);
        assertThat(archived.entries()).isEqualTo(mini.entries());
        assertThat(archived.sha256()).isEqualTo(mini.sha256()).matches("[0-9a-f]{64}");
    }

    @Test
    void the_hash_sees_path_mode_content_and_manifest() {
        var one = Fixtures.bundle(Fixtures.MANIFEST, Map.of("a", "bc"));
        assertThat(List.of(
                        one,
                        Fixtures.bundle(Fixtures.MANIFEST, Map.of("ab", "c")),
                        Fixtures.bundle(Fixtures.MANIFEST + "\n", Map.of("a", "bc")),
                        Bundle.of(
                                List.of(
                                        new Entry(Manifest.FILE, Content.of(Fixtures.MANIFEST), false),
                                        new Entry("a", Content.of("bc"), true)),
                                "test")))
                .extracting(Bundle::sha256)
                .doesNotHaveDuplicates();
    }

    @Test
    void leftovers_are_no_part_of_a_template() throws IOException {
        Files.writeString(folder.resolve(Manifest.FILE), Fixtures.MANIFEST);
        for (String file : List.of(
                "target/x.jar",
                ".git/config",
                ".slipway/lock.yaml",
                "a.iml",
                "b/.DS_Store",
                "c.log",
                "d~",
                ".vscode/settings.json",
                ".vscode/launch.json",
                "e/F.java")) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.writeString(folder.resolve(file), "x");
        }
        assertThat(Bundle.ofDirectory(folder).entries())
                .extracting(Entry::path)
                .containsExactly(".vscode/launch.json", "e/F.java");
    }

    @Test
    void a_folder_without_a_manifest_is_no_template() {
        assertThat(Fixtures.problems(() -> Bundle.ofDirectory(folder)))
                .singleElement()
                .asString()
                .contains("it has no " + Manifest.FILE);
        assertThat(Fixtures.problems(() -> Bundle.ofDirectory(folder.resolve("missing"))))
                .singleElement()
                .asString()
                .contains("is not a folder");
    }

    @Test
    void a_link_in_a_folder_is_refused() throws IOException {
        Files.writeString(folder.resolve(Manifest.FILE), Fixtures.MANIFEST);
        Files.createSymbolicLink(folder.resolve("passwords"), Path.of("/etc/passwd"));
        assertThat(Fixtures.problems(() -> Bundle.ofDirectory(folder)))
                .singleElement()
                .asString()
                .contains("'passwords' is a link");
    }

    @Test
    void a_file_too_large_is_refused() throws IOException {
        Files.writeString(folder.resolve(Manifest.FILE), Fixtures.MANIFEST);
        Files.write(folder.resolve("big"), new byte[Bundle.LARGEST_ENTRY + 1]);
        assertThat(Fixtures.problems(() -> Bundle.ofDirectory(folder)))
                .singleElement()
                .asString()
                .contains("too large at 'big'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x",
                "a/../../x",
                "/etc/x",
                "C:/x",
                "c:x",
                "a\\b",
                "a//b",
                "./a",
                "a/.",
                ".git/hooks/pre-commit",
                "a/.GIT/x",
                "a\u0000b",
                "a\nb",
                "nul",
                "a/CON.txt",
                "a.",
                "a ",
                "file:stream",
                "a\u0308/x"
            })
    void a_path_that_leads_elsewhere_is_refused(String path) throws IOException {
        assertThat(refused(zip(path))).isNotEmpty();
        assertThat(Fixtures.problems(() -> new Entry(path, Content.of("x"), false)))
                .hasSize(1);
    }

    @Test
    void paths_that_collide_are_refused() throws IOException {
        for (String twin : List.of("A/b", "a/B", "a/b/c", "a")) {
            Map<String, byte[]> files = new LinkedHashMap<>();
            files.put(Manifest.FILE, Fixtures.MANIFEST.getBytes(StandardCharsets.UTF_8));
            files.put("a/b", new byte[0]);
            files.put(twin, new byte[0]);
            assertThat(refused(zip(files)))
                    .as(twin)
                    .containsAnyOf("differ only in case", "a file and a folder at once");
        }
    }

    @Test
    void an_entry_that_stands_twice_is_refused() throws IOException {
        byte[] bytes = Files.readAllBytes(zip(Manifest.FILE.replace('s', 't')));
        byte[] renamed = new String(bytes, StandardCharsets.ISO_8859_1)
                .replace(Manifest.FILE.replace('s', 't'), Manifest.FILE)
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(refused(Files.write(folder.resolve("twice.zip"), renamed))).contains("twice");
    }

    @ParameterizedTest
    @ValueSource(ints = {0120777, 0100777, 0104755, 0102755, 0010644, 0060644, 0040755, 0100666, 0100600})
    void links_devices_and_odd_modes_are_refused(int mode) throws IOException {
        assertThat(refused(withMode(zip("a"), mode))).contains("has mode " + Integer.toOctalString(mode));
    }

    @Test
    void a_bomb_is_refused() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(Manifest.FILE, Fixtures.MANIFEST.getBytes(StandardCharsets.UTF_8));
        files.put("bomb", new byte[1024 * 1024]);
        assertThat(refused(zip(files))).contains("compressed more than");
        files.put("bomb", new byte[Bundle.LARGEST_ENTRY + 1]);
        assertThat(refused(zip(files))).contains("too large");
        files.remove("bomb");
        for (int i = 0; i <= Bundle.MOST_ENTRIES; i++) {
            files.put("f" + i, new byte[0]);
        }
        assertThat(refused(zip(files))).contains("more than " + Bundle.MOST_ENTRIES + " entries");
    }

    @Test
    void damage_is_refused() throws IOException {
        Path zip = zip("a");
        byte[] bytes = Files.readAllBytes(zip);
        assertThat(refused(Files.write(folder.resolve("no.zip"), new byte[100])))
                .contains("damaged");
        byte[] moved = bytes.clone();
        moved[bytes.length - 6] ^= 0x7f;
        assertThat(refused(Files.write(folder.resolve("moved.zip"), moved))).contains("damaged");
    }

    @Test
    void content_is_text_only_if_it_is_utf8_without_nul() {
        assertThat(Content.of(new byte[] {'a', 0}).text()).isEmpty();
        assertThat(Content.of(new byte[] {(byte) 0xff}).text()).isEmpty();
        assertThat(Content.of(new byte[] {(byte) 0xff})).hasToString("(1 bytes)");
        assertThat(Content.of("é").text()).hasValue("é");
        assertThat(Content.of("é")).hasSameHashCodeAs(Content.of("é")).isEqualTo(Content.of("é"));
    }
}
