package dev.cutlass.store.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.Manifest;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/files.md section 6. */
final class SafeFolderTest {
    @TempDir
    Path temporary;

    private Path target;

    static LongStream seeds() {
        return Seeds.oneIn(4);
    }

    @BeforeEach
    void makeTarget() throws IOException {
        target = Files.createDirectory(temporary.toRealPath().resolve("d"));
    }

    private static TransferFailure failure(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(StoreException.class, call).failure();
    }

    /** All below the temporary folder that is not below the target. */
    private Set<String> outside() throws IOException {
        try (Stream<Path> all = Files.walk(temporary.toRealPath())) {
            return all.filter(path -> !path.startsWith(target))
                    .map(Path::toString)
                    .collect(Collectors.toSet());
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverAStrangerCallsItNothingIsMadeOutside(long seed) {
        final List<String> parts = List.of(
                "..",
                ".",
                "a",
                "b",
                "link",
                "file",
                "",
                "/",
                "\\",
                "C:",
                "nul",
                "a\0",
                "~",
                "\u202e",
                ".cutlass",
                "x ");
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            final Path out = temporary.resolve("outside");
            Files.createDirectories(out.resolve("a/b"));
            if (!Files.exists(target.resolve("link"), LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(target.resolve("link"), out);
                Files.writeString(target.resolve("file"), "mine");
            }
            final Set<String> before = outside();
            final SafeFolder folder = SafeFolder.of(new RealDisk(random.nextBoolean()), target);
            final PartialFolder partial = new PartialFolder(folder);
            final Fetched what = new Fetched(new byte[] {1});
            for (int i = 0; i < 10; i++) {
                final List<String> chosen = new ArrayList<>();
                for (int n = random.nextInt(1, 4); n > 0; n--) {
                    chosen.add(parts.get(random.nextInt(parts.size())));
                }
                final String name = String.join("/", chosen);
                try {
                    folder.makeFolder(name);
                } catch (StoreException e) {
                    assertTrue(
                            Set.of(TransferFailure.BAD_NAME, TransferFailure.EXISTS)
                                    .contains(e.failure()),
                            name);
                }
                final PartialFile file = partial.create(new Id128(s, i), what.head("safe", false));
                what.bring(file, random);
                try {
                    assertTrue(file.finish(name).toRealPath().startsWith(target), name);
                    file.forget();
                } catch (StoreException e) {
                    assertTrue(
                            Set.of(TransferFailure.BAD_NAME, TransferFailure.EXISTS)
                                    .contains(e.failure()),
                            name);
                    file.discard();
                }
                try (SourceFile source = folder.source(name)) {
                    assertEquals(1, source.readBlock(0).length > 4 ? 0 : 1, name);
                } catch (StoreException e) {
                    assertEquals(TransferFailure.NOT_FOUND, e.failure(), name);
                }
                assertEquals(before, outside());
            }
            assertFalse(Files.exists(target.resolve(".cutlass")));
            assertEquals("mine", Files.readString(target.resolve("file")));
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withAndWithoutOpenFoldersAFileIsFetchedTheSameWay(boolean usesHandles) throws IOException {
        final PartialFolder partial = new PartialFolder(SafeFolder.of(new RealDisk(usesHandles), target));
        final Fetched what = Fetched.any(new SplittableRandom(5));
        Files.writeString(target.resolve("a"), "mine");
        final PartialFile begun = partial.create(new Id128(1, 1), what.head("a", false));
        what.bring(begun, new SplittableRandom(1));
        begun.close();
        final PartialFile file = partial.scan(0).found().get(0);
        assertEquals(List.of(), partial.scan(0).found(), "it has an owner");
        assertEquals(target.resolve("a (2)"), file.finish("a"));
        file.close();
        final PartialFile named = partial.scan(0).found().get(0);
        assertTrue(named.isNamed());
        assertEquals(target.resolve("a (2)"), named.path());
        named.forget();
        assertArrayEquals(what.content, Files.readAllBytes(target.resolve("a (2)")));
        assertFalse(Files.exists(target.resolve(".cutlass")));
    }

    @Test
    void aListIsInTheOrderOfAManifestAndHasNothingThatCannotBeSent() throws IOException {
        for (String name : List.of("a", "a.b", "b", "Z", "\u00e9")) {
            Files.writeString(target.resolve(name), name);
        }
        Files.createDirectories(target.resolve("a-/x"));
        Files.createDirectories(target.resolve("a0"));
        Files.createDirectory(target.resolve(".cutlass"));
        Files.writeString(target.resolve("bad:name"), "");
        Files.createSymbolicLink(target.resolve("link"), temporary);
        final SafeFolder folder = SafeFolder.of(target, false);
        final List<SafeFolder.Entry> entries = folder.list("");
        assertEquals(
                List.of("Z", "a", "a-", "a.b", "a0", "b", "\u00e9"),
                entries.stream().map(SafeFolder.Entry::name).toList());
        assertEquals(
                List.of("a-/x"),
                folder.list("a-").stream().map(SafeFolder.Entry::name).toList());
        assertTrue(entries.get(2).folder());
        assertEquals(3, entries.get(3).length());
        for (int i = 1; i < entries.size(); i++) {
            assertTrue(Manifest.compare(whole(entries.get(i - 1)), whole(entries.get(i))) < 0);
        }
        for (String none : List.of("link", "nothing", "a", "..", "/", ".cutlass")) {
            assertEquals(TransferFailure.NOT_FOUND, failure(() -> folder.list(none)), none);
        }
    }

    private static String whole(SafeFolder.Entry entry) {
        return entry.folder() ? entry.name() + "/x" : entry.name();
    }

    @Test
    void aSourceIsAFileInHereAndNothingBehindALink() throws IOException {
        Files.createDirectory(target.resolve("sub"));
        Files.writeString(target.resolve("sub/a"), "text");
        Files.writeString(temporary.resolve("secret"), "secret");
        Files.createSymbolicLink(target.resolve("file"), temporary.resolve("secret"));
        Files.createSymbolicLink(target.resolve("folder"), temporary);
        final SafeFolder folder = SafeFolder.of(target, false);
        try (SourceFile source = folder.source("sub/a")) {
            assertEquals("text", new String(source.readBlock(0), java.nio.charset.StandardCharsets.UTF_8));
        }
        for (String none : List.of("file", "folder/secret", "../secret", "sub", "nothing", "sub/a/b", "")) {
            assertEquals(TransferFailure.NOT_FOUND, failure(() -> folder.source(none)), none);
        }
    }

    @Test
    void aFolderIsMadeWithThoseOnTheWayAndMayBeThere() throws IOException {
        final SafeFolder folder = SafeFolder.of(target.resolve("new/target"), true);
        folder.makeFolder("a/b/c");
        folder.makeFolder("a/b/c");
        assertTrue(Files.isDirectory(target.resolve("new/target/a/b/c")));
        Files.writeString(target.resolve("new/target/file"), "");
        assertEquals(TransferFailure.EXISTS, failure(() -> folder.makeFolder("file")));
        assertTrue(folder.usableSpace() > 0);
        assertEquals(target.resolve("new/target"), folder.path());
    }

    @Test
    void aLinkThatTheApplicationNamesIsFollowedOnce() throws IOException {
        final Path link = Files.createSymbolicLink(temporary.resolve("link"), target);
        assertEquals(target, SafeFolder.of(link, true).path());
        Files.writeString(temporary.resolve("file"), "");
        assertEquals(TransferFailure.EXISTS, failure(() -> SafeFolder.of(temporary.resolve("file"), true)));
        assertEquals(TransferFailure.WRITE_FAILED, failure(() -> SafeFolder.of(temporary.resolve("file"), false)));
    }
}
