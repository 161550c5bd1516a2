package dev.cutlass.file.wire;

import dev.cutlass.wire.Id128;

/**
 * CHANGE: the holder goes on, waits, or ends it.
 * <pre>
 * field
 * type   1       0x05
 * id     16      of the transfer
 * state  varint  0 goes on, 1 paused, 2 over; an unknown one counts as 2
 * code   varint  why: a {@link dev.cutlass.event.TransferFailure}, or 0
 * </pre>
 */
public record Change(Id128 id, long state, long code) implements FileMessage {
    static final int TYPE = 0x05;
    public static final long GOES_ON = 0;
    public static final long PAUSED = 1;
    public static final long OVER = 2;

    static Change read(FieldReader in) {
        final Id128 id = in.id();
        final long state = in.varint();
        final long code = in.varint();
        return new Change(id, state, code);
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
                .varint(state)
                .varint(code)
                .toArray();
    }
}
