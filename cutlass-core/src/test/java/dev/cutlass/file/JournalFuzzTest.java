package dev.cutlass.file;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;

/** Whatever a disk says is a value, alone and after what came before. Runs its saved inputs in the normal tests and fuzzes with JAZZER_FUZZ=1. */
@Tag("fuzz")
class JournalFuzzTest {
    private static final JournalRecord.Head HEAD = JournalTest.head(false, 5L * TreeShape.BLOCK + 1);

    /** Records with bodies that are anything. The sums are made right, else nothing would be read. */
    @FuzzTest(maxDuration = "60s")
    void journals(FuzzedDataProvider data) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(JournalCodec.encode(HEAD, 0));
        while (data.remainingBytes() > 0) {
            final int type = data.consumeInt(0, 255);
            final byte[] body = data.consumeBytes(data.consumeInt(0, 2_000));
            assertSaysTheSame(type, body);
            if (!(JournalCodec.decode(type, Bytes.of(body)) instanceof JournalRecord.Head)) { // a second one ends it
                out.writeBytes(frame(type, body, out.size()));
            }
        }
        final byte[] bytes = out.toByteArray();
        final List<JournalRecord> seen = new ArrayList<>();
        final JournalState state = new JournalState();
        final long end = JournalTest.read(bytes, (record, offset) -> {
            seen.add(record);
            state.onRecord(record, offset);
        });
        if (end != bytes.length) {
            throw new AssertionError("read to " + end + " of " + bytes.length);
        }
        final GapTree gaps = state.gaps();
        if (gaps.missing() < 0 || gaps.missing() > state.shape().blocks() || gaps.nextMissing(6) != GapTree.NONE) {
            throw new AssertionError(seen + " -> " + gaps);
        }
    }

    private static void assertSaysTheSame(int type, byte[] body) {
        final JournalRecord read = JournalCodec.decode(type, Bytes.of(body));
        if (read == null) {
            return;
        }
        final byte[] again = JournalCodec.encode(read, 0);
        final int length = again.length - JournalCodec.HEADER - JournalCodec.TRAILER;
        final JournalRecord reread = JournalCodec.decode(type, Bytes.of(again, JournalCodec.HEADER, length));
        if (!read.equals(reread)) {
            throw new AssertionError(read + " -> " + reread);
        }
    }

    private static byte[] frame(int type, byte[] body, long offset) {
        final ByteBuffer out = ByteBuffer.allocate(JournalCodec.HEADER + body.length + JournalCodec.TRAILER)
                .put((byte) type)
                .putInt(body.length)
                .put(body);
        final CRC32C sum = new CRC32C();
        sum.update(ByteBuffer.allocate(Long.BYTES).putLong(offset).flip());
        sum.update(out.array(), 0, out.position());
        return out.putInt((int) sum.getValue()).array();
    }
}
