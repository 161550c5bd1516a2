package dev.cutlass.file.wire;

import dev.cutlass.file.tree.Root;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.Utf8;
import dev.cutlass.wire.Varint;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Writes the fields of a message; grows as needed. One thread. */
public final class FieldWriter {
    private ByteBuffer out;

    /** @param length an estimate */
    public FieldWriter(int length) {
        out = ByteBuffer.allocate(length);
    }

    private ByteBuffer room(int length) {
        if (out.remaining() < length) {
            final ByteBuffer larger = ByteBuffer.allocate(Math.max(out.capacity() * 2, out.position() + length));
            larger.put(out.flip());
            out = larger;
        }
        return out;
    }

    public FieldWriter octet(int value) {
        room(1).put((byte) value);
        return this;
    }

    public FieldWriter flag(boolean value) {
        return octet(value ? 1 : 0);
    }

    public FieldWriter varint(long value) {
        Varint.put(room(Varint.length(value)), value);
        return this;
    }

    public FieldWriter id(Id128 id) {
        id.writeTo(room(Id128.LENGTH));
        return this;
    }

    public FieldWriter root(Root root) {
        root.writeTo(room(Root.LENGTH));
        return this;
    }

    public FieldWriter roots(List<Root> roots) {
        roots.forEach(this::root);
        return this;
    }

    /**
     * UTF-8 with its length in front.
     *
     * @throws IllegalArgumentException for half a surrogate pair, or too many bytes
     */
    public FieldWriter text(String text, int maxBytes) {
        final byte[] utf8 = Utf8.encode(text);
        if (utf8 == null || utf8.length > maxBytes) {
            throw new IllegalArgumentException("must be valid text of at most " + maxBytes + " bytes of UTF-8");
        }
        varint(utf8.length);
        room(utf8.length).put(utf8);
        return this;
    }

    public FieldWriter time(long millis) {
        return varint(millis + 1);
    }

    public FieldWriter bytes(Bytes bytes) {
        bytes.writeTo(room(bytes.length()));
        return this;
    }

    public byte[] toArray() {
        return out.position() == out.capacity() ? out.array() : Arrays.copyOf(out.array(), out.position());
    }
}
