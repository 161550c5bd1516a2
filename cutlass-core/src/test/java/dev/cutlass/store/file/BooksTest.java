package dev.cutlass.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.file.tree.Root;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/files.md section 7.4. */
final class BooksTest {
    @TempDir
    Path home;

    static LongStream seeds() {
        return Seeds.oneIn(10);
    }

    private static OfferBook.Offered offered(long id, String path) {
        final Offer offer = new Offer(
                new Id128(id, -id), false, false, new Root(1, 2, 3, id), 100, 1, 100, 1_790_000_000_000L, "caf\u00e9");
        return new OfferBook.Offered(Fetched.PEER, Path.of(path), 1_700_000_000_000L, offer);
    }

    private Path file(String name) {
        return home.resolve("files").resolve(name);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void offersAreThereAfterAnyRestartUntilTheyAreDone(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            final Map<Id128, OfferBook.Offered> model = new LinkedHashMap<>();
            Path own = home.resolve("home" + s);
            FilesHome files = FilesHome.open(own);
            for (int i = 0; i < 60; i++) {
                final OfferBook.Offered some = offered(random.nextLong(20), "/a folder/b\n%" + random.nextInt(9));
                if (random.nextInt(3) > 0) {
                    model.remove(some.offer().id()); // one that is offered again keeps its place in the book
                    files.offers().done(some.offer().id());
                    model.put(some.offer().id(), some);
                    files.offers().add(some);
                } else {
                    model.remove(some.offer().id());
                    files.offers().done(some.offer().id());
                }
                if (random.nextInt(8) == 0) {
                    files.close();
                    files = FilesHome.open(own);
                }
                assertEquals(List.copyOf(model.values()), files.offers().all());
            }
            files.close();
        });
    }

    @Test
    void aTornRecordIsCutOffAndWhatComesLaterCounts() throws IOException {
        for (int cut = 1; cut < 30; cut += 3) {
            try (FilesHome files = FilesHome.open(home)) {
                files.offers().add(offered(1, "/a"));
                files.offers().add(offered(2, "/b"));
            }
            final byte[] bytes = Files.readAllBytes(file("offers"));
            Files.write(file("offers"), Arrays.copyOf(bytes, bytes.length - cut));
            try (FilesHome files = FilesHome.open(home)) {
                assertEquals(List.of(offered(1, "/a")), files.offers().all());
                files.offers().add(offered(3, "/c"));
            }
            try (FilesHome files = FilesHome.open(home)) {
                assertEquals(
                        List.of(offered(1, "/a"), offered(3, "/c")),
                        files.offers().all());
                files.offers().done(new Id128(1, -1));
                files.offers().done(new Id128(3, -3));
            }
        }
    }

    @Test
    void aBookIsWrittenAnewWhenMostOfItIsVoid() throws IOException {
        try (FilesHome files = FilesHome.open(home)) {
            for (int i = 0; i < 3_000; i++) {
                files.offers().add(offered(1, "/a"));
            }
            assertTrue(Files.size(file("offers")) < 1_100L * 200, "some 1,000 records and no more");
        }
        try (FilesHome files = FilesHome.open(home)) {
            assertEquals(1, files.offers().all().size());
        }
    }

    @Test
    void aFileThatIsNotOursIsLeftAloneAndSaid() throws IOException {
        Files.createDirectories(home.resolve("files"));
        Files.writeString(file("offers"), "somebody's notes, longer than a record");
        final StoreException failed = assertThrows(StoreException.class, () -> FilesHome.open(home));
        assertTrue(String.valueOf(failed.getMessage()).contains("move it away"), failed.getMessage());
        assertEquals("somebody's notes, longer than a record", Files.readString(file("offers")));
        Files.delete(file("offers"));
        FilesHome.open(home).close();
    }

    @Test
    void whatWasReceivedIsRememberedTheLatestTenThousand() throws IOException {
        try (FilesHome files = FilesHome.open(home)) {
            final ReceivedBook book = files.received();
            assertFalse(book.contains(new Id128(0, 0)));
            for (int i = 0; i < 3; i++) {
                book.add(new Id128(0, i));
                book.add(new Id128(0, i));
            }
        }
        try (FilesHome files = FilesHome.open(home)) {
            assertTrue(files.received().contains(new Id128(0, 2)));
            assertFalse(files.received().contains(new Id128(0, 3)));
        }
        final ReceivedBook book = ReceivedBook.inMemory();
        for (int i = 0; i <= ReceivedBook.MAX_REMEMBERED; i++) {
            book.add(new Id128(0, i));
        }
        assertFalse(book.contains(new Id128(0, 0)));
        assertTrue(book.contains(new Id128(0, 1)));
        assertTrue(book.contains(new Id128(0, ReceivedBook.MAX_REMEMBERED)));
    }

    @Test
    void placesAreALineEachWhateverTheyAreCalled() throws IOException {
        final List<Path> places = List.of(home.resolve("a b"), home.resolve("c\nd"), home.resolve("caf\u00e9%25"));
        try (FilesHome files = FilesHome.open(home)) {
            for (Path place : places) {
                files.places().add(place);
                files.places().add(place);
            }
            Files.createDirectory(places.get(0));
        }
        assertEquals(3, Files.readAllLines(file("places")).size());
        final List<String> lines = new ArrayList<>(Files.readAllLines(file("places")));
        lines.add(1, "not a path");
        lines.add("http://example.org/");
        Files.write(file("places"), lines, StandardCharsets.UTF_8);
        try (FilesHome files = FilesHome.open(home)) {
            assertEquals(places, files.places().all());
            files.places().remove(places.get(0));
            files.places().remove(home.resolve("never"));
        }
        try (FilesHome files = FilesHome.open(home)) {
            assertEquals(places.subList(1, 3), files.places().all());
        }
    }

    @Test
    void aPlaceThatWasForgottenIsNotedAgain() throws IOException {
        FilesHome.open(home).close();
        final List<String> lines = new ArrayList<>();
        for (int i = 0; i < PlacesBook.MAX_PLACES; i++) {
            lines.add(PlacesBook.text(home.resolve("p" + i)));
        }
        Files.write(file("places"), lines, StandardCharsets.UTF_8);
        try (FilesHome files = FilesHome.open(home)) {
            files.places().add(home.resolve("new"));
            assertEquals(PlacesBook.MAX_PLACES, files.places().all().size());
            assertFalse(files.places().all().contains(home.resolve("p0")));
            files.places().add(home.resolve("p0"));
        }
        try (FilesHome files = FilesHome.open(home)) {
            assertEquals(PlacesBook.MAX_PLACES, files.places().all().size());
            assertTrue(files.places().all().contains(home.resolve("p0")));
            assertFalse(files.places().all().contains(home.resolve("p1")));
        }
    }

    @Test
    void oneEngineAtATimeHasAHome() throws IOException {
        final FilesHome first = FilesHome.open(home);
        final StoreException failed = assertThrows(StoreException.class, () -> FilesHome.open(home));
        assertTrue(String.valueOf(failed.getMessage()).contains("another engine"), failed.getMessage());
        first.close();
        FilesHome.open(home).close();
    }

    @Test
    void withoutAHomeNothingStays() throws IOException {
        try (FilesHome files = FilesHome.temporary()) {
            files.offers().add(offered(1, "/a"));
            files.received().add(new Id128(1, 1));
            files.places().add(home);
            assertEquals(1, files.offers().all().size());
            assertTrue(files.received().contains(new Id128(1, 1)));
            assertEquals(List.of(home.toAbsolutePath()), files.places().all());
            assertEquals(0, files.trees().bytes());
        }
    }
}
