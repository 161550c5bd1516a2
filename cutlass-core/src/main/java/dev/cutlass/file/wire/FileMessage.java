package dev.cutlass.file.wire;

import dev.cutlass.event.Message;

/**
 * A message about files, of control or of data. docs/files.md section 2. What {@link FileCodec#decode} gives is well-formed: names are valid UTF-8 but not yet safe, numbers are in the range
 * of their field but not yet in that of a file.
 */
public sealed interface FileMessage
        permits Offer,
                Answer,
                Progress,
                Done,
                Change,
                Ask,
                ListNames,
                Listing,
                Find,
                Held,
                Get,
                Stop,
                Refused,
                Wrong,
                Hashes,
                Chunk,
                Unknown {
    /** What is spoken, for channels. */
    String SERVICE = "cutlass.files";

    /** The version of it. */
    long VERSION = 1;

    /** The content type of every message. */
    String CONTENT_TYPE = "file";

    /** Bytes of a name with all its parts. */
    int MAX_NAME = 1_024;

    /** Room that a message other than data probably needs. */
    int USUAL = 128;

    /** Which message: the first byte. */
    int type();

    /**
     * The content of the message on the wire.
     *
     * @throws IllegalArgumentException if a field of our own is out of range
     */
    byte[] encode();

    /** As it is sent. */
    default Message toMessage() {
        return Message.bytes(CONTENT_TYPE, encode());
    }
}
