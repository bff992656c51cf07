package dev.slipway.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/// The version that this command was built as; its chassis and templates bear the same.
final class Version {

    private Version() {}

    static String current() {
        return read("version.txt");
    }

    /// The local Maven repository of this command's build, into which its chassis was installed.
    static Path repository() {
        return Path.of(read("repository.txt"));
    }

    private static String read(String file) {
        try (var in = Objects.requireNonNull(Version.class.getResourceAsStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }
}
