package dev.cutlass.file.wire;

import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.Varint;
import org.jspecify.annotations.Nullable;

/**
 * OFFER: we have a file for you, or a folder.
 * <pre>
 * field
 * type      1       0x01
 * id        16      of the transfer; that of an ASK if it is the answer to one
 * flags     1       bit 0: folder; bit 1: answer to ASK; others 0, else malformed
 * root      32      of the file, or of the folder's manifest
 * length    varint  likewise; at most 2^46
 * files     varint  1, but of a folder
 * total     varint  bytes of all files; of a file its length, else malformed
 * modified  varint  milliseconds since 1970, and one more; 0: unknown
 * name      text    1 to 1,024 bytes of UTF-8; not yet safe
 * </pre>
 *
 * @param modified milliseconds since 1970, -1: unknown
 */
public record Offer(
        Id128 id,
        boolean folder,
        boolean answer,
        Root root,
        long length,
        long files,
        long total,
        long modified,
        String name)
        implements FileMessage {
    static final int TYPE = 0x01;
    private static final int FOLDER = 1;
    private static final int ANSWER = 2;

    /** Refuses what no receiver would read. */
    public Offer {
        if (!isValid(folder, length, files, total, name)) {
            throw new IllegalArgumentException("length " + length + ", files " + files + ", total " + total);
        }
    }

    private static boolean isValid(boolean folder, long length, long files, long total, String name) {
        return TreeShape.isValid(length)
                && (folder ? Varint.fits(files) && Varint.fits(total) : files == 1 && total == length)
                && !name.isEmpty();
    }

    static @Nullable Offer read(FieldReader in) {
        final Id128 id = in.id();
        final int flags = in.octet(FOLDER | ANSWER);
        final Root root = in.root();
        final long length = in.varint();
        final long files = in.varint();
        final long total = in.varint();
        final long modified = in.time();
        final String name = in.text(MAX_NAME);
        final boolean folder = (flags & FOLDER) != 0;
        return isValid(folder, length, files, total, name)
                ? new Offer(id, folder, (flags & ANSWER) != 0, root, length, files, total, modified, name)
                : null;
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public byte[] encode() {
        return new FieldWriter(USUAL)
                .octet(TYPE)
                .id(id)
                .octet((folder ? FOLDER : 0) | (answer ? ANSWER : 0))
                .root(root)
                .varint(length)
                .varint(files)
                .varint(total)
                .time(modified)
                .text(name, MAX_NAME)
                .toArray();
    }
}
