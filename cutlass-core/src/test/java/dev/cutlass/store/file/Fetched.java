package dev.cutlass.store.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.tree.HashTree;
import dev.cutlass.file.tree.HeapHashStore;
import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeBuilder;
import dev.cutlass.file.tree.TreeHasher;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.SplittableRandom;

/** A file that a holder has, small enough for memory, and a fetcher of it without a network. */
final class Fetched {
    static final PeerId PEER = PeerId.parse("cutlass:ahlvvgabqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbtm");
    static final long MODIFIED = 1_700_000_000_000L;

    final byte[] content;
    final TreeShape shape;
    final HashTree tree;
    final Root root;

    Fetched(byte[] content) {
        this.content = content;
        this.shape = new TreeShape(content.length);
        final HeapHashStore store = new HeapHashStore(shape);
        final TreeBuilder builder = new TreeBuilder(shape, store);
        try {
            for (long i = 0; i < shape.blocks(); i++) {
                builder.addBlock(content, (int) shape.position(i), shape.blockLength(i));
            }
            root = builder.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        tree = new HashTree(shape, store);
    }

    /** 0 to 6 blocks and a bit, some of them zeros. */
    static Fetched any(SplittableRandom random) {
        final byte[] content =
                new byte[random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(6 * TreeShape.BLOCK)];
        for (int from = 0; from < content.length; from += TreeShape.BLOCK) {
            if (random.nextInt(4) != 0) {
                final byte[] block = new byte[Math.min(TreeShape.BLOCK, content.length - from)];
                random.nextBytes(block);
                System.arraycopy(block, 0, content, from, block.length);
            }
        }
        return new Fetched(content);
    }

    JournalRecord.Head head(String name, boolean replace) {
        return new JournalRecord.Head(
                false,
                replace,
                new Id128(1, 2),
                PEER,
                root,
                content.length,
                1,
                content.length,
                MODIFIED,
                0,
                name,
                Id128.ZERO,
                0);
    }

    Bytes block(long block) {
        return Bytes.of(content, (int) shape.position(block), shape.blockLength(block));
    }

    /** Brings what is missing, in any order, with a sync now and then. */
    void bring(PartialFile file, SplittableRandom random) throws IOException {
        if (shape.blocks() > 1 && file.chapter(0) == null) {
            file.noteChapter(tree.chapter(0));
        }
        while (!file.state().gaps().isComplete()) {
            final long first = file.state().gaps().nextMissing(0);
            final long block = random.nextBoolean() ? first : anyMissing(file, random);
            final Bytes data = block(block);
            if (shape.blocks() > 1
                    && data.length() == TreeShape.BLOCK
                    && TreeHasher.isZero(data.toArray(), 0, data.length())) {
                file.noteHole(block, block + 1);
            } else {
                file.write(block, data);
                file.noteBlocks(block, block + 1);
            }
            if (random.nextInt(4) == 0) {
                file.sync();
            }
        }
    }

    private long anyMissing(PartialFile file, SplittableRandom random) {
        final long[] missing = java.util.stream.LongStream.range(0, shape.blocks())
                .filter(file.state().gaps()::isMissing)
                .toArray();
        return missing[random.nextInt(missing.length)];
    }

    boolean isContent(byte[] other) {
        return Arrays.equals(content, other);
    }
}
