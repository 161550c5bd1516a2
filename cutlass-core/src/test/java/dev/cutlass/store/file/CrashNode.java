package dev.cutlass.store.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file or folder of a {@link CrashDisk}: as processes see it, and as it is on the disk. */
final class CrashNode {
    final boolean folder;
    Map<String, CrashNode> children = new TreeMap<>();
    Map<String, CrashNode> childrenOnDisk = new TreeMap<>();
    byte[] content = {};
    byte[] onDisk = {};
    long modified;
    private final List<Change> since = new ArrayList<>();

    CrashNode(boolean folder) {
        this.folder = folder;
    }

    /** A write, or with null a new length. */
    private record Change(long position, byte @Nullable [] bytes) {
        byte[] on(byte[] before) {
            if (bytes == null) {
                return Arrays.copyOf(before, (int) position);
            }
            final byte[] after = Arrays.copyOf(before, (int) Math.max(before.length, position + bytes.length));
            System.arraycopy(bytes, 0, after, (int) position, bytes.length);
            return after;
        }
    }

    void write(long position, byte[] bytes) {
        change(new Change(position, bytes));
    }

    void setLength(long length) {
        change(new Change(length, null));
    }

    private void change(Change change) {
        content = change.on(content);
        since.add(change);
    }

    void force() {
        onDisk = content;
        since.clear();
    }

    /** Of each change that was not forced nothing, a part or all is there; so below it. */
    void lose(SplittableRandom random, Set<CrashNode> done) {
        if (!done.add(this)) {
            return;
        }
        for (Change change : since) {
            final byte[] bytes = change.bytes();
            final int luck = random.nextInt(3);
            if (luck == 0) {
                onDisk = change.on(onDisk);
            } else if (luck == 1 && bytes != null) {
                onDisk = new Change(change.position(), Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)))
                        .on(onDisk);
            }
        }
        since.clear();
        content = onDisk;
        children = new TreeMap<>(childrenOnDisk);
        children.values().forEach(child -> child.lose(random, done));
    }
}
