package dev.cutlass.file.wire;

/** A message of a type that this version does not know: ignored. Cannot be sent. */
public record Unknown(int type) implements FileMessage {
    @Override
    public byte[] encode() {
        throw new IllegalArgumentException("type " + type + " is unknown");
    }
}
