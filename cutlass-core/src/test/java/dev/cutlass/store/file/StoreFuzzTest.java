package dev.cutlass.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.cutlass.file.JournalCodec;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;

/** Whatever lies in a folder of parts, a start gets over it, and nothing but the file comes of it. */
@Tag("fuzz")
final class StoreFuzzTest {
    private static final Fetched FILE = new Fetched(content());
    private static final Id128 ID = new Id128(1, 1);

    private static byte[] content() {
        final byte[] content = new byte[3 * TreeShape.BLOCK + 1];
        new SplittableRandom(3).nextBytes(content);
        return content;
    }

    @FuzzTest(maxDuration = "30s")
    void anyJournalAndAnyPart(FuzzedDataProvider data) throws IOException {
        final CrashDisk disk = new CrashDisk(new SplittableRandom(1), data.consumeBoolean());
        disk.put("d", null);
        disk.put("d/mine", new byte[] {1});
        disk.put("d/.cutlass/" + ID + ".journal", journal(data));
        if (data.consumeBoolean()) {
            final byte[] part = data.consumeBytes(200);
            disk.put("d/.cutlass/" + ID + ".part", part);
        }
        final PartialFolder folder = new PartialFolder(SafeFolder.of(disk, Path.of("/d")));
        final PartialFolder.Scan scan = folder.scan(0);
        assertEquals(0, scan.failed().size());
        for (PartialFile file : scan.found()) {
            if (file.head().root().equals(FILE.root)
                    && !file.head().folder()
                    && !file.isNamed()
                    && file.head().length() == FILE.content.length
                    && !file.head().replace()) {
                final Set<String> before = names(disk);
                FILE.bring(file, new SplittableRandom(1));
                if (file.verifyAll() > 0) {
                    FILE.bring(file, new SplittableRandom(1));
                }
                file.finish("fuzzed");
                file.forget();
                final Set<String> fresh = names(disk);
                fresh.removeAll(before);
                assertEquals(Set.of("d/fuzzed"), fresh);
                assertEquals(true, FILE.isContent(disk.files().get("d/fuzzed")));
            } else {
                file.discard();
            }
        }
        assertEquals(true, java.util.Arrays.equals(new byte[] {1}, disk.files().get("d/mine")));
        assertEquals(false, names(disk).stream().anyMatch(name -> name.contains(ID.toString())));
    }

    private static Set<String> names(CrashDisk disk) {
        return disk.files().keySet().stream().collect(Collectors.toSet());
    }

    /** Records that fit and some that do not, with a wild end. */
    private static byte[] journal(FuzzedDataProvider data) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (data.consumeInt(0, 9) > 0) {
            add(out, FILE.head("f", data.consumeInt(0, 9) == 0));
        }
        for (int i = data.consumeInt(0, 8); i > 0; i--) {
            final JournalRecord record;
            switch (data.consumeInt(0, 5)) {
                case 0:
                    record = new JournalRecord.Present(
                            data.consumeBoolean(), data.consumeLong(0, 5), data.consumeLong(0, 5));
                    break;
                case 1:
                    record = new JournalRecord.Sync();
                    break;
                case 2:
                    record = new JournalRecord.Target(
                            data.pickValue(new String[] {"f", "mine", "../x", "no/where", "", ".cutlass/y", "mine/x"}));
                    break;
                case 3:
                    record = new JournalRecord.Paused(data.consumeBoolean());
                    break;
                case 4:
                    record = new JournalRecord.Chapter(new dev.cutlass.file.tree.ChapterHashes(
                            data.consumeLong(0, 2), Bytes.EMPTY, Bytes.of(new byte[32 * data.consumeInt(1, 5)])));
                    break;
                default:
                    record = FILE.head(data.consumeString(10), false);
                    break;
            }
            add(out, record);
        }
        out.writeBytes(data.consumeBytes(50));
        return out.toByteArray();
    }

    private static void add(ByteArrayOutputStream out, JournalRecord record) {
        try {
            out.writeBytes(JournalCodec.encode(record, out.size()));
        } catch (IllegalArgumentException e) {
            return; // half a surrogate pair in a name
        }
    }
}
