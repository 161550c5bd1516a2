package dev.cutlass.file.wire;

import dev.cutlass.wire.Id128;

/**
 * PROGRESS: how far the fetcher is, at most once a second.
 * <pre>
 * field
 * type     1       0x03
 * id       16      of the transfer
 * present  varint  bytes that are verified and written
 * flags    1       bit 0: paused by the fetcher; others 0, else malformed
 * </pre>
 */
public record Progress(Id128 id, long present, boolean paused) implements FileMessage {
    static final int TYPE = 0x03;

    static Progress read(FieldReader in) {
        final Id128 id = in.id();
        final long present = in.varint();
        final boolean paused = in.flag();
        return new Progress(id, present, paused);
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
                .varint(present)
                .flag(paused)
                .toArray();
    }
}
