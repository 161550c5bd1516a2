package dev.cutlass.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/files.md section 7.2. */
final class JournalTest {
    private static final long BLOCKS = 5_000;
    private static final PeerId PEER = PeerId.parse("cutlass:ahlvvgabqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbtm");

    static LongStream seeds() {
        return Seeds.oneIn(4);
    }

    private static JournalRecord.Head head(boolean folder) {
        return head(folder, BLOCKS * TreeShape.BLOCK - 5);
    }

    static JournalRecord.Head head(boolean folder, long length) {
        return new JournalRecord.Head(
                folder,
                !folder,
                new Id128(1, 2),
                PEER,
                new Root(1, 2, 3, 4),
                length,
                folder ? 77 : 1,
                1L << 40,
                1_790_000_000_000L,
                -1,
                "a/\u00e9.txt",
                Id128.ZERO,
                9);
    }

    private static JournalRecord random(SplittableRandom random) {
        switch (random.nextInt(7)) {
            case 0:
                return new JournalRecord.Sync();
            case 1:
                return new JournalRecord.Paused(random.nextBoolean());
            case 2:
                return new JournalRecord.Target("name (" + random.nextInt(100) + ").txt");
            case 3:
                return new JournalRecord.OtherHolder(PEER);
            case 4:
                final byte[] hashes = new byte[32 * random.nextInt(1, 20)];
                random.nextBytes(hashes);
                return new JournalRecord.Chapter(new ChapterHashes(
                        random.nextLong(6), Bytes.of(new byte[32 * random.nextInt(4)]), Bytes.of(hashes)));
            default:
                return new JournalRecord.Present(
                        random.nextInt(4) == 0, random.nextLong(BLOCKS), random.nextLong(1, 9));
        }
    }

    /** Journals as bytes, and what was written into them. */
    private static final class Written {
        final List<JournalRecord> records = new ArrayList<>();
        final List<Long> ends = new ArrayList<>();
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        void add(JournalRecord record) {
            out.writeBytes(JournalCodec.encode(record, out.size()));
            records.add(record);
            ends.add((long) out.size());
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        static Written any(long seed) {
            final SplittableRandom random = new SplittableRandom(seed);
            final Written journal = new Written();
            journal.add(head(random.nextBoolean()));
            for (int i = random.nextInt(30); i > 0; i--) {
                journal.add(random(random));
            }
            return journal;
        }
    }

    /** Reads in pieces, as a file may. */
    static long read(byte[] file, JournalReader.Visitor visitor) {
        try {
            return new JournalReader((offset, into, at, most) -> {
                        final int length = (int) Math.min(Math.min(most, 1_000), file.length - offset);
                        if (length > 0) {
                            System.arraycopy(file, (int) offset, into, at, length);
                        }
                        return length;
                    })
                    .readAll(visitor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<JournalRecord> records(byte[] file) {
        final List<JournalRecord> records = new ArrayList<>();
        read(file, (record, offset) -> records.add(record));
        return records;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasWrittenIsRead(long seed) {
        Seeds.run(seed, s -> {
            final Written journal = Written.any(s);
            final List<Long> offsets = new ArrayList<>();

            assertEquals(journal.bytes().length, read(journal.bytes(), (record, offset) -> offsets.add(offset)));
            assertEquals(journal.records, records(journal.bytes()));
            assertEquals(0, offsets.get(0));
            assertEquals(journal.ends.subList(0, offsets.size() - 1), offsets.subList(1, offsets.size()));
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aTornTailWithOrWithoutZerosBehindCostsTheTornRecordAlone(long seed) {
        Seeds.run(seed, s -> {
            final Written journal = Written.any(s);
            final byte[] bytes = journal.bytes();
            final SplittableRandom random = new SplittableRandom(s);
            for (int i = 0; i < 30; i++) {
                final int length = random.nextInt(bytes.length + 1);
                final byte[] torn =
                        Arrays.copyOf(Arrays.copyOf(bytes, length), length + random.nextInt(2) * random.nextInt(200));
                final int whole = (int) journal.ends.stream()
                        .filter(end -> Arrays.equals(
                                Arrays.copyOf(bytes, end.intValue()), Arrays.copyOf(torn, end.intValue())))
                        .filter(end -> end <= torn.length)
                        .count();

                assertEquals(journal.records.subList(0, whole), records(torn));
                assertEquals(whole == 0 ? 0 : journal.ends.get(whole - 1), read(torn, (record, offset) -> {}));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyFlippedBitEndsTheJournalThere(long seed) {
        Seeds.run(seed, s -> {
            final Written journal = Written.any(s);
            final SplittableRandom random = new SplittableRandom(s);
            for (int i = 0; i < 30; i++) {
                final byte[] bytes = journal.bytes();
                final int place = random.nextInt(bytes.length);
                bytes[place] ^= (byte) (1 << random.nextInt(8));
                final int whole =
                        (int) journal.ends.stream().filter(end -> end <= place).count();

                assertEquals(journal.records.subList(0, whole), records(bytes));
            }
        });
    }

    @Test
    void anOldRecordAtAnotherPlaceDoesNotCount() {
        final Written journal = new Written();
        journal.add(head(false));
        final byte[] misplaced = JournalCodec.encode(new JournalRecord.Present(false, 0, 5), 7);
        final byte[] bytes = Arrays.copyOf(journal.bytes(), journal.bytes().length + misplaced.length);
        System.arraycopy(misplaced, 0, bytes, journal.bytes().length, misplaced.length);

        assertEquals(1, records(bytes).size());
    }

    @Test
    void withoutItsHeadItIsNoJournal() {
        final Written headless = new Written();
        headless.add(new JournalRecord.Present(false, 0, 5));
        final Written twoHeads = new Written();
        twoHeads.add(head(false));
        twoHeads.add(head(false));

        assertEquals(0, read(headless.bytes(), (record, offset) -> {}));
        assertEquals(List.of(), records(headless.bytes()));
        assertEquals(List.of(), records(new byte[0]));
        assertEquals(1, records(twoHeads.bytes()).size());
        assertThrows(IllegalStateException.class, () -> new JournalState().head());
    }

    @Test
    void recordsOfALaterVersionAreSkipped() {
        final Written journal = new Written();
        journal.add(head(false));
        final byte[] unknown = JournalCodec.encode(new JournalRecord.Sync(), journal.bytes().length);
        unknown[0] = 99;
        final int sum = JournalCodec.sum(unknown, 0, JournalCodec.HEADER, journal.bytes().length);
        for (int i = 0; i < 4; i++) {
            unknown[JournalCodec.HEADER + i] = (byte) (sum >> (24 - 8 * i));
        }
        journal.out.writeBytes(unknown);
        journal.add(new JournalRecord.Paused(true));

        assertEquals(journal.records, records(journal.bytes()));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theStateIsWhatTheRecordsSay(long seed) {
        Seeds.run(seed, s -> {
            final Written journal = Written.any(s);
            final JournalState state = new JournalState();
            read(journal.bytes(), state);
            final boolean[] present = new boolean[(int) BLOCKS];
            final boolean[] unsynced = new boolean[(int) BLOCKS];
            for (JournalRecord record : journal.records) {
                if (record instanceof JournalRecord.Sync) {
                    Arrays.fill(unsynced, false);
                } else if (record instanceof JournalRecord.Present written
                        && !written.entries()
                        && written.first() + written.count() <= BLOCKS) {
                    Arrays.fill(present, (int) written.first(), (int) (written.first() + written.count()), true);
                    Arrays.fill(unsynced, (int) written.first(), (int) (written.first() + written.count()), true);
                }
            }

            for (int i = 0; i < BLOCKS; i++) {
                assertEquals(present[i], !state.gaps().isMissing(i));
            }
            final boolean[] told = new boolean[(int) BLOCKS];
            state.unsynced().forEach(range -> Arrays.fill(told, (int) range[0], (int) range[1], true));
            assertArrayEquals(unsynced, told);
            for (long[] range : state.unsynced()) {
                state.notPresent(range[0], range[1]);
            }
            assertEquals(List.of(), state.unsynced());
        });
    }

    @Test
    void theStateTellsWhatIsNeededToGoOn() {
        final Written journal = new Written();
        final JournalRecord.Chapter chapter =
                new JournalRecord.Chapter(new ChapterHashes(4, Bytes.EMPTY, Bytes.of(new byte[32])));
        journal.add(head(true));
        journal.add(chapter);
        journal.add(new JournalRecord.Chapter(new ChapterHashes(900, Bytes.EMPTY, Bytes.of(new byte[32]))));
        journal.add(new JournalRecord.Present(true, 70, 7));
        journal.add(new JournalRecord.Present(true, 70, 8));
        journal.add(new JournalRecord.Present(false, 1, Long.MAX_VALUE >> 2));
        journal.add(new JournalRecord.Paused(true));
        journal.add(new JournalRecord.Target("x"));
        final JournalState state = new JournalState();
        read(journal.bytes(), state);

        assertEquals(head(true), state.head());
        assertEquals("[0, 70)", state.entryGaps().toString());
        assertEquals("[0, 5000)", state.gaps().toString());
        assertEquals(journal.ends.get(0), state.chapterOffset(4));
        assertEquals(-1, state.chapterOffset(3));
        assertEquals(-1, state.chapterOffset(900));
        assertTrue(state.isPaused());
        assertEquals("x", state.target());
        assertEquals(List.of(PEER), state.holders());
        final JournalState fresh = new JournalState();
        fresh.onRecord(head(false), 0);
        assertNull(fresh.target());
        assertFalse(fresh.isPaused());
        assertTrue(fresh.entryGaps().isComplete());
    }
}
