package dev.cutlass.file.wire;

import dev.cutlass.wire.Id128;

/**
 * ANSWER: what became of an OFFER, or why an ASK has none.
 * <pre>
 * field
 * type     1       0x02
 * id       16      of the transfer
 * code     varint  0 accepted (only to an OFFER), else a {@link dev.cutlass.event.TransferFailure}
 * present  varint  bytes that the fetcher has already
 * </pre>
 *
 * @param present bytes that need not be sent; 0 unless accepted
 */
public record Answer(Id128 id, long code, long present) implements FileMessage {
    static final int TYPE = 0x02;

    static Answer read(FieldReader in) {
        final Id128 id = in.id();
        final long code = in.varint();
        final long present = in.varint();
        return new Answer(id, code, present);
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
                .varint(code)
                .varint(present)
                .toArray();
    }
}
