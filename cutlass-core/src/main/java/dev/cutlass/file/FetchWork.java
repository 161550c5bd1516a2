package dev.cutlass.file;

import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeHasher;
import org.jspecify.annotations.Nullable;

/** What a {@link BlockScheduler} wants done. Any thread. */
public sealed interface FetchWork {
    /** A GET to be sent. If a journal has the hashes that it is about, they may be read there instead. */
    record Ask<H>(long request, H holder, boolean hashes, long first, int count, int skip) implements FetchWork {}

    /** A STOP to be sent, if the holder is still there. */
    record Halt<H>(H holder, long first, long last) implements FetchWork {}

    /** Blocks from {@code first} to before {@code end} that are zeros: nothing is to be written, only noted. They count as stored already. */
    record Hole(long first, long end) implements FetchWork {}

    /** A whole block, to be verified and written, and then to be reported. */
    final class Arrived<H> implements FetchWork {
        private final long block;
        private final byte[] data;
        private final byte @Nullable [] leaf;
        private final H holder;

        /** @param leaf its hash; null for a file of one block, which is verified by its root */
        Arrived(long block, byte[] data, byte @Nullable [] leaf, H holder) {
            this.block = block;
            this.data = data;
            this.leaf = leaf;
            this.holder = holder;
        }

        public long block() {
            return block;
        }

        /** All of it, not copied: nobody changes it. */
        public byte[] data() {
            return data;
        }

        /** Who sent it. */
        public H holder() {
            return holder;
        }

        /** Whether it is what it should be. Takes a while: not under a lock. */
        public boolean isGood(TreeHasher hasher, Root root) {
            return leaf == null
                    ? hasher.rootOfBlock(data, 0, data.length).equals(root)
                    : hasher.isLeafOf(leaf, data, 0, data.length);
        }
    }
}
