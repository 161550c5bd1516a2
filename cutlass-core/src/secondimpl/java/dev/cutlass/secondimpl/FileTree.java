package dev.cutlass.secondimpl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The hash tree of a file: RFC 6962 section 2.1 word for word, and the root of docs/files.md section 3. */
public final class FileTree {
    private static final int BLOCK = 65_536;

    private FileTree() {}

    /** The leaf of a block. */
    public static byte[] leaf(byte[] block) {
        return Primitives.hash(new byte[] {0}, block);
    }

    private static byte[] tree(List<byte[]> leaves) {
        if (leaves.isEmpty()) {
            return Primitives.hash();
        }
        if (leaves.size() == 1) {
            return leaves.get(0);
        }
        final int k = Integer.highestOneBit(leaves.size() - 1);
        return Primitives.hash(new byte[] {1}, tree(leaves.subList(0, k)), tree(leaves.subList(k, leaves.size())));
    }

    /** The root of a file with these leaves. */
    public static byte[] root(long length, List<byte[]> leaves) {
        return Primitives.hash(
                Primitives.label("file"), new Out().integer(8, length).toBytes(), tree(leaves));
    }

    /** The root of a file with this content. */
    public static byte[] root(byte[] content) {
        final List<byte[]> leaves = new ArrayList<>();
        for (int at = 0; at < content.length; at += BLOCK) {
            leaves.add(leaf(Arrays.copyOfRange(content, at, Math.min(content.length, at + BLOCK))));
        }
        return root(content.length, leaves);
    }
}
