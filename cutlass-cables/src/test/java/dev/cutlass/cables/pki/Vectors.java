package dev.cutlass.cables.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Exchanges that were recorded from the original, and cases that it was shown: src/test/resources/vectors. */
final class Vectors {
    /** All of them are valid from 2016 to 2066. */
    static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");

    private static final Path ROOT = Path.of("src/test/resources/vectors");

    private Vectors() {}

    /** Directories of delivered messages. */
    static List<Path> exchanges() {
        return find(path -> Files.exists(path.resolve("exchange.json")));
    }

    /** Directories of single steps. */
    static List<Path> cases() {
        return find(path -> Files.exists(path.resolve("case.json")));
    }

    private static List<Path> find(java.util.function.Predicate<Path> which) {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(Files::isDirectory).filter(which).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path user(String name) {
        return ROOT.resolve("users").resolve(name);
    }

    /** The name of the user whose user name this is. */
    static String nameOf(String userName) {
        return Stream.of("alice", "bob", "carol")
                .filter(name -> text(user(name).resolve("username")).equals(userName))
                .findFirst()
                .orElseThrow();
    }

    static OwnKeys keysOf(String name) {
        final Path user = user(name);
        return OwnKeys.read(
                bytes(user.resolve("root.pem")),
                bytes(user.resolve("sign.pem")),
                bytes(user.resolve("ca.pem")),
                bytes(user.resolve("verify.pem")),
                NOW);
    }

    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        return new String(bytes(file), StandardCharsets.UTF_8).strip();
    }
}
