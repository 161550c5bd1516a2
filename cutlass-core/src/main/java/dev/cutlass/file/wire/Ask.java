package dev.cutlass.file.wire;

import dev.cutlass.wire.Id128;

/**
 * ASK: wants what the holder shares under a name. Answered by OFFER or ANSWER.
 * <pre>
 * field
 * type  1     0x06
 * id    16    of the transfer to be
 * name  text  1 to 1,024 bytes of UTF-8
 * </pre>
 */
public record Ask(Id128 id, String name) implements FileMessage {
    static final int TYPE = 0x06;

    static Ask read(FieldReader in) {
        final Id128 id = in.id();
        final String name = in.text(MAX_NAME);
        return new Ask(id, name);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public byte[] encode() {
        return new FieldWriter(USUAL).octet(TYPE).id(id).text(name, MAX_NAME).toArray();
    }
}
