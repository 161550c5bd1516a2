package dev.cutlass.file.wire;

import dev.cutlass.file.tree.Root;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.Utf8;
import dev.cutlass.wire.Varint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads the fields of a message. What is not there or out of range reads as zero and is remembered, so that many reads need one check: {@link #isWhole}. One thread. */
public final class FieldReader {
    private final Bytes bytes;
    private final ByteBuffer in;
    private boolean failed;

    /** Reads all of these bytes. */
    public FieldReader(Bytes bytes) {
        this.bytes = bytes;
        this.in = bytes.toBuffer();
    }

    /** Whether all was there, and nothing is left. */
    public boolean isWhole() {
        return !failed && !in.hasRemaining();
    }

    public boolean hasMore() {
        return !failed && in.hasRemaining();
    }

    private boolean has(long length) {
        failed |= length > in.remaining();
        return !failed;
    }

    /**
     * A varint.
     *
     * @param max the largest value that is allowed
     */
    public long varint(long max) {
        final long value = Varint.get(in);
        if (value < 0 || value > max) {
            failed = true;
            return 0;
        }
        return value;
    }

    public long varint() {
        return varint(Varint.MAX);
    }

    /** One byte without a sign. */
    public int octet(int max) {
        if (!has(1)) {
            return 0;
        }
        final int value = in.get() & 0xff;
        failed |= value > max;
        return failed ? 0 : value;
    }

    public boolean flag() {
        return octet(1) == 1;
    }

    public Id128 id() {
        if (!has(Id128.LENGTH)) {
            return Id128.ZERO;
        }
        final long high = in.getLong();
        return new Id128(high, in.getLong());
    }

    public Root root() {
        return has(Root.LENGTH) ? Root.read(in) : new Root(0, 0, 0, 0);
    }

    /** Roots to the end of the message: 0 to {@code most}. */
    public List<Root> roots(int most) {
        final List<Root> roots = new ArrayList<>();
        while (hasMore() && roots.size() < most) {
            roots.add(root());
        }
        return roots;
    }

    /** Valid UTF-8 with its length in front. */
    public String text(int maxBytes) {
        final long length = varint(maxBytes);
        final String text = has(length) ? Utf8.decode(bytes((int) length)) : "";
        if (text == null) {
            failed = true;
            return "";
        }
        return text;
    }

    /** A time in milliseconds since 1970, one more on the wire; -1: unknown. */
    public long time() {
        return varint() - 1;
    }

    /** A part of the message; no copy. */
    public Bytes bytes(int length) {
        if (!has(length)) {
            return Bytes.EMPTY;
        }
        final Bytes part = bytes.slice(in.position(), length);
        in.position(in.position() + length);
        return part;
    }

    public Bytes rest() {
        return bytes(in.remaining());
    }
}
