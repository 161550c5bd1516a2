package dev.cutlass.proto;

import dev.cutlass.crypto.packet.RekeyMessage;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.CryptoFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Both directions of the stream that carries REKEY messages: docs/protocol.md section 4.6. Lost parts are repeated by the packets' recovery. Takes memory only while
 * something of a message is there.
 */
final class CryptoStream {
    /** How far ahead of what was read a peer may write. More than a proposal and an acceptance with ML-KEM, which are all that an honest one has under way. */
    static final int WINDOW = 4_096;

    /** Data of a frame: fits into a packet of the base size beside ACKs. */
    private static final int MAX_DATA = 900;

    private long written;
    private long read;
    private byte @Nullable [] buffer;
    private @Nullable BitSet present;

    /** Cuts a message into frames. */
    List<CryptoFrame> write(byte[] message) {
        final List<CryptoFrame> frames = new ArrayList<>(2);
        for (int from = 0; from < message.length; from += MAX_DATA) {
            final int size = Math.min(MAX_DATA, message.length - from);
            frames.add(new CryptoFrame(written, Bytes.of(Arrays.copyOfRange(message, from, from + size))));
            written += size;
        }
        return frames;
    }

    /** A part came; false if it lies outside of the window. What came first counts. */
    boolean receive(CryptoFrame frame) {
        final long end = frame.offset() + frame.data().length();
        if (end > read + WINDOW) {
            return false;
        }
        if (end <= read) {
            return true; // read already
        }
        byte[] bytes = buffer;
        BitSet there = present;
        if (bytes == null || there == null) {
            bytes = new byte[WINDOW];
            there = new BitSet(WINDOW);
            buffer = bytes;
            present = there;
        }
        for (long at = Math.max(read, frame.offset()); at < end; at++) {
            final int index = (int) (at - read);
            if (!there.get(index)) {
                there.set(index);
                bytes[index] = frame.data().at((int) (at - frame.offset()));
            }
        }
        return true;
    }

    /** Whether {@link #next} has something: a whole message, or the knowledge that none begins like this. */
    boolean hasNext() {
        final int length = length();
        return length == RekeyMessage.MALFORMED || (length != RekeyMessage.INCOMPLETE && length <= contiguous());
    }

    private int contiguous() {
        return present == null ? 0 : present.nextClearBit(0);
    }

    private int length() {
        return buffer == null ? RekeyMessage.INCOMPLETE : RekeyMessage.lengthOf(buffer, 0, contiguous());
    }

    /** The next message, taken out; null if what is there is none, so that the connection must close. After {@link #hasNext} only. */
    byte @Nullable [] next() {
        final int length = length();
        final byte[] bytes = buffer;
        final BitSet there = present;
        if (bytes == null || there == null || length == RekeyMessage.MALFORMED) {
            return null;
        }
        final byte[] message = Arrays.copyOf(bytes, length);
        read += length;
        present = there.get(length, WINDOW);
        System.arraycopy(bytes, length, bytes, 0, WINDOW - length);
        if (present.isEmpty()) {
            buffer = null;
            present = null;
        }
        return message;
    }
}
