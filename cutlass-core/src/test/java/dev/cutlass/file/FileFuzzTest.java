package dev.cutlass.file;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Chunk;
import dev.cutlass.file.wire.FileCodec;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.file.wire.Hashes;
import dev.cutlass.wire.Bytes;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;

/** Whatever a peer or a disk says is a value. Runs its empty input in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class FileFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void messages(byte[] content) {
        final FileMessage read = FileCodec.decode(Bytes.of(content));
        if (read != null && !(read instanceof dev.cutlass.file.wire.Unknown)) {
            final FileMessage again = FileCodec.decode(Bytes.of(read.encode()));
            if (!read.equals(again)) {
                throw new AssertionError(read + " -> " + again);
            }
        }
    }

    @FuzzTest(maxDuration = "60s")
    void names(FuzzedDataProvider data) {
        SafeNamesTest.assertStaysInside(data.consumeRemainingAsString());
    }

    /** The sum is made right, else nothing would be read. */
    @FuzzTest(maxDuration = "60s")
    void journals(FuzzedDataProvider data) {
        final int type = data.consumeInt(0, 255);
        final JournalRecord read = JournalCodec.decode(type, Bytes.of(data.consumeRemainingAsBytes()));
        if (read != null) {
            final byte[] again = JournalCodec.encode(read, 0);
            final JournalRecord reread = JournalCodec.decode(
                    type,
                    Bytes.of(again, JournalCodec.HEADER, again.length - JournalCodec.HEADER - JournalCodec.TRAILER));
            if (!read.equals(reread)) {
                throw new AssertionError(read + " -> " + reread);
            }
        }
    }

    @FuzzTest(maxDuration = "60s")
    void manifests(byte[] content) throws IOException {
        final Manifest.Reader reader = ManifestTest.reader(content);
        for (Manifest.Entry entry; (entry = reader.next()) != null; ) {
            SafeNamesTest.assertStaysInside(entry.name());
        }
    }

    /** Answers of a holder that are anything: nothing is held beyond the limit, and nothing wrong is stored. */
    @FuzzTest(maxDuration = "60s")
    void answers(FuzzedDataProvider data) {
        final TreeShape shape = new TreeShape(data.consumeLong(0, 300 * TreeShape.BLOCK));
        final AtomicLong numbers = new AtomicLong();
        final BlockScheduler<String> scheduler = new BlockScheduler<>(
                shape,
                new Root(1, 2, 3, 4),
                GapTree.all(shape.blocks()),
                SchedulerLimits.DEFAULT,
                numbers::incrementAndGet);
        scheduler.addHolder("a");
        while (data.remainingBytes() > 0) {
            scheduler.next(Long.MAX_VALUE, 0);
            final FileMessage message = FileCodec.decode(Bytes.of(data.consumeBytes(data.consumeInt(1, 2_000))));
            if (message instanceof Chunk chunk) {
                scheduler.onChunk("a", chunk, 0);
            } else if (message instanceof Hashes hashes) {
                scheduler.onHashes("a", hashes.request(), hashes.hashes(), 0);
            }
            if (scheduler.inFlight() > SchedulerLimits.DEFAULT.maxInFlight() || scheduler.inFlight() < 0) {
                throw new AssertionError(scheduler.inFlight());
            }
        }
    }
}
