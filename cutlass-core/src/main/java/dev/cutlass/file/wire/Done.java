package dev.cutlass.file.wire;

import dev.cutlass.wire.Id128;

/**
 * DONE: it is over for the fetcher.
 * <pre>
 * field
 * type  1       0x04
 * id    16      of the transfer
 * code  varint  0: complete, verified, under its name and on disk; else a {@link dev.cutlass.event.TransferFailure}
 * </pre>
 */
public record Done(Id128 id, long code) implements FileMessage {
    static final int TYPE = 0x04;

    static Done read(FieldReader in) {
        final Id128 id = in.id();
        final long code = in.varint();
        return new Done(id, code);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public byte[] encode() {
        return new FieldWriter(USUAL).octet(TYPE).id(id).varint(code).toArray();
    }
}
