package dev.cutlass.file.wire;

import dev.cutlass.crypto.primitive.Hash;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.wire.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * HASHES: the leaves of a chapter and their proof. On the data channel.
 * <pre>
 * field
 * type     1       0x10
 * request  varint  of the GET
 * chapter  varint
 * n        1       hashes of the proof, 0 to 20
 * proof    32 each lowest first
 * leaves   32 each 1 to 1,024, to the end
 * </pre>
 *
 * @param hashes not verified
 */
public record Hashes(long request, ChapterHashes hashes) implements FileMessage {
    static final int TYPE = 0x10;

    static @Nullable Hashes read(FieldReader in) {
        final long request = in.varint();
        final ChapterHashes hashes = readHashes(in);
        return hashes == null ? null : new Hashes(request, hashes);
    }

    /** All from the chapter on to the end; the journal has them too. */
    public static @Nullable ChapterHashes readHashes(FieldReader in) {
        final long chapter = in.varint();
        final Bytes proof = in.bytes(in.octet(TreeShape.MAX_PROOF) * Hash.LENGTH);
        final Bytes leaves = in.rest();
        return leaves.isEmpty()
                        || leaves.length() % Hash.LENGTH != 0
                        || leaves.length() > TreeShape.CHAPTER * Hash.LENGTH
                ? null
                : new ChapterHashes(chapter, proof, leaves);
    }

    /** The reverse. */
    public static byte[] encodeHashes(ChapterHashes hashes) {
        return writeHashes(
                        new FieldWriter(USUAL
                                + hashes.proof().length()
                                + hashes.leaves().length()),
                        hashes)
                .toArray();
    }

    private static FieldWriter writeHashes(FieldWriter out, ChapterHashes hashes) {
        return out.varint(hashes.chapter())
                .octet(hashes.proof().length() / Hash.LENGTH)
                .bytes(hashes.proof())
                .bytes(hashes.leaves());
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public byte[] encode() {
        final int length = USUAL + hashes.proof().length() + hashes.leaves().length();
        return writeHashes(new FieldWriter(length).octet(TYPE).varint(request), hashes)
                .toArray();
    }
}
