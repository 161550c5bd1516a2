package dev.cutlass.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.file.JournalCodec;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.HashTree;
import dev.cutlass.file.tree.HeapHashStore;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeBuilder;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Answer;
import dev.cutlass.file.wire.Ask;
import dev.cutlass.file.wire.Change;
import dev.cutlass.file.wire.Chunk;
import dev.cutlass.file.wire.Done;
import dev.cutlass.file.wire.FileCodec;
import dev.cutlass.file.wire.FileMessage;
import dev.cutlass.file.wire.Find;
import dev.cutlass.file.wire.Get;
import dev.cutlass.file.wire.Hashes;
import dev.cutlass.file.wire.Held;
import dev.cutlass.file.wire.ListNames;
import dev.cutlass.file.wire.Listing;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.file.wire.Progress;
import dev.cutlass.file.wire.Refused;
import dev.cutlass.file.wire.Stop;
import dev.cutlass.file.wire.Wrong;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Produces {@code docs/vectors/files.txt}: messages, roots and a journal. docs/files.md sections 2, 3 and 7.2. */
final class FileVectorsTest {
    private static final Id128 ID = new Id128(0x0001020304050607L, 0x08090a0b0c0d0e0fL);
    private static final Root ROOT = Root.of(counting(0x40, 32), 0);
    private static final Root OTHER = Root.of(counting(0x80, 32), 0);

    private final GoldenFile file = new GoldenFile(
            "files.txt",
            "Messages about files, roots, journals: docs/files.md sections 2, 3 and 7.2.",
            "message: the encoding of the values above it, which are as on the wire. content: bytes i * step (mod 256) from i = 0 on, length of them.",
            "journal: the records above it, at the beginning of a file.");

    private static byte[] counting(int from, int length) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private GoldenFile section(String name) {
        return file.section(name);
    }

    private void message(FileMessage message) {
        file.put("message", message.encode());
        assertEquals(message, FileCodec.decode(message.toMessage()));
    }

    @Test
    void filesGoOverTheWireAsTheyAlwaysDid() throws IOException {
        transfers();
        questions();
        data();
        for (int length : new int[] {0, 1, 65_535, 65_536, 65_537, 5 * 65_536}) {
            root(length, 7);
        }
        root(2 * 65_536, 0);
        journal();
        file.verify();
    }

    private void transfers() {
        section("OFFER").put("id", ID.toArray()).put("flags", 0).put("root", ROOT.toArray());
        file.put("length", 70_000).put("files", 1).put("total", 70_000).put("modified", 1_790_000_000_001L);
        file.put("name", text("\u00fcber uns.txt"));
        message(new Offer(ID, false, false, ROOT, 70_000, 1, 70_000, 1_790_000_000_000L, "\u00fcber uns.txt"));
        section("OFFER").put("id", ID.toArray()).put("flags", 3).put("root", ROOT.toArray());
        file.put("length", 500).put("files", 12).put("total", 1L << 40).put("modified", 0);
        file.put("name", text("photos"));
        message(new Offer(ID, true, true, ROOT, 500, 12, 1L << 40, -1, "photos"));
        section("ANSWER").put("id", ID.toArray()).put("code", 0).put("present", 65_536);
        message(new Answer(ID, 0, 65_536));
        section("PROGRESS").put("id", ID.toArray()).put("present", 1 << 20).put("flags", 1);
        message(new Progress(ID, 1 << 20, true));
        section("DONE").put("id", ID.toArray()).put("code", 10);
        message(new Done(ID, 10));
        section("CHANGE").put("id", ID.toArray()).put("state", Change.OVER).put("code", 7);
        message(new Change(ID, Change.OVER, 7));
        section("ASK").put("id", ID.toArray()).put("name", text("photos/1.jpg"));
        message(new Ask(ID, "photos/1.jpg"));
    }

    private void questions() {
        section("LIST").put("question", 64).put("under", text("photos")).put("after", text(""));
        message(new ListNames(64, "photos", ""));
        final byte[] entries = new byte[] {0, 5, 1, 1, 'a', 1, 0, 0, 2, 'b', 'c'};
        section("LISTING").put("question", 64).put("flags", 1).put("entries", entries);
        message(new Listing(
                64, true, List.of(new Listing.Entry(false, 5, 0, "a"), new Listing.Entry(true, 0, -1, "bc"))));
        final byte[] both = new byte[64];
        System.arraycopy(ROOT.toArray(), 0, both, 0, 32);
        System.arraycopy(OTHER.toArray(), 0, both, 32, 32);
        section("FIND").put("question", 65).put("roots", both);
        message(new Find(65, List.of(ROOT, OTHER)));
        section("HELD").put("question", 65).put("roots", OTHER.toArray());
        message(new Held(65, List.of(OTHER)));
        section("GET").put("request", 16_384).put("root", ROOT.toArray()).put("kind", 0);
        file.put("first", 1 << 30).put("count", 16).put("skip", 32_768);
        message(new Get(16_384, ROOT, false, 1 << 30, 16, 32_768));
        section("GET").put("request", 7).put("root", ROOT.toArray()).put("kind", 1);
        file.put("first", 3).put("count", 1).put("skip", 0);
        message(new Get(7, ROOT, true, 3, 1, 0));
        section("STOP").put("first", 7).put("last", 16_384);
        message(new Stop(7, 16_384));
        section("REFUSED").put("number", 65).put("code", 16);
        message(new Refused(65, 16));
        section("WRONG").put("root", ROOT.toArray()).put("block", 1_000_000);
        message(new Wrong(ROOT, 1_000_000));
    }

    private void data() {
        final byte[] hashes = counting(0, 96);
        section("HASHES").put("request", 7).put("chapter", 3).put("n", 1).put("hashes", hashes);
        message(new Hashes(7, new ChapterHashes(3, Bytes.of(hashes, 0, 32), Bytes.of(hashes, 32, 64))));
        section("CHUNK")
                .put("request", 16_384)
                .put("block", 5)
                .put("offset", 32_768)
                .put("data", counting(0, 20));
        message(new Chunk(16_384, 5, 32_768, Bytes.of(counting(0, 20))));
    }

    private void root(int length, int step) throws IOException {
        final byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = (byte) (i * step);
        }
        final TreeShape shape = new TreeShape(length);
        final HeapHashStore store = new HeapHashStore(shape);
        final TreeBuilder builder = new TreeBuilder(shape, store);
        for (long block = 0; block < shape.blocks(); block++) {
            builder.addBlock(content, (int) shape.position(block), shape.blockLength(block));
        }
        final Root root = builder.finish();
        section("root").put("length", length).put("step", step).put("root", root.toArray());
        if (length > 0) {
            assertEquals(true, new HashTree(shape, store).chapter(0).verifies(shape, root));
        }
    }

    private void journal() {
        final PeerId peer = PeerId.parse("cutlass:ahlvvgabqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbtm");
        final List<JournalRecord> records = List.of(
                new JournalRecord.Head(
                        false, true, ID, peer, ROOT, 200_000, 1, 200_000, 5, 6, "a b.txt", Id128.ZERO, 0),
                new JournalRecord.Chapter(new ChapterHashes(0, Bytes.EMPTY, Bytes.of(counting(0, 128)))),
                new JournalRecord.Present(false, 1, 2),
                new JournalRecord.Sync(),
                new JournalRecord.Paused(true),
                new JournalRecord.Target("a b (2).txt"),
                new JournalRecord.OtherHolder(peer));
        section("journal").put("peer", peer.bytes());
        long offset = 0;
        for (JournalRecord record : records) {
            final byte[] encoded = JournalCodec.encode(record, offset);
            file.put(record.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT), encoded);
            offset += encoded.length;
        }
    }
}
