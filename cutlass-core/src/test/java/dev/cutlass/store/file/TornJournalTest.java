package dev.cutlass.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cutlass.file.JournalCodec;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.wire.Id128;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What stood behind the place where a journal was cut never counts again, not even if the machine crashes right after the cut. docs/files.md section 7.2. */
final class TornJournalTest {
    private static final Id128 ID = new Id128(1, 1);
    private static final JournalRecord NOTE = new JournalRecord.Present(false, 0, 1);

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void whatStoodBehindATornRecordDoesNotShowAgain(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            final byte[] content = new byte[3 * TreeShape.BLOCK];
            random.nextBytes(content);
            final Fetched wanted = new Fetched(content);
            final CrashDisk disk = new CrashDisk(random, true);
            disk.put("d/.cutlass/" + ID + ".journal", tornBefore(wanted));
            disk.put("d/.cutlass/" + ID + ".part", new byte[0]);
            final PartialFolder folder = new PartialFolder(SafeFolder.of(disk, Path.of("/d")));
            final PartialFile file = folder.scan(0).found().get(0);
            assertEquals(3, file.state().gaps().missing());

            file.write(0, wanted.block(0));
            file.noteBlocks(0, 1); // takes the place of the torn record: what stands behind it would fit again
            disk.restartMachine();

            final PartialFile after = folder.scan(0).found().get(0);
            final byte[] part = Objects.requireNonNull(disk.files().get("d/.cutlass/" + ID + ".part"));
            for (int block = 0; block < 3; block++) {
                if (!after.state().gaps().isMissing(block)) {
                    final int at = block * TreeShape.BLOCK;
                    assertEquals(0, block);
                    assertEquals(
                            -1,
                            Arrays.mismatch(
                                    wanted.block(0).toArray(), Arrays.copyOfRange(part, at, at + TreeShape.BLOCK)));
                }
            }
        });
    }

    /** A note that did not reach the disk, and two behind it that did: another note, and that all is there. */
    private static byte[] tornBefore(Fetched wanted) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(JournalCodec.encode(wanted.head("f", false), 0));
        final int torn = out.size();
        for (JournalRecord record :
                new JournalRecord[] {NOTE, new JournalRecord.Present(false, 1, 1), new JournalRecord.Sync()}) {
            out.writeBytes(JournalCodec.encode(record, out.size()));
        }
        final byte[] bytes = out.toByteArray();
        bytes[torn + JournalCodec.HEADER] ^= 1;
        return bytes;
    }
}
