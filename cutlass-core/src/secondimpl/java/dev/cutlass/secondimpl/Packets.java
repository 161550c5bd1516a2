package dev.cutlass.secondimpl;

import java.util.Arrays;

/** Packets of one direction and epoch: sections 4.1 and 4.2. */
final class Packets {
    static final int MAX_LENGTH = 1200;
    static final int CONNECTION_ID = 8;
    private static final int NUMBER_AT = 9;
    private static final int SAMPLE_AT = 13;
    private static final int SAMPLE = 16;
    private static final int RESERVED_FLAGS = 0xf0;

    private final int aead;
    private final byte[] key;
    private final byte[] iv;
    private final byte[] headerKey;

    /**
     * @param traffic the traffic secret of this epoch
     * @param firstTraffic that of epoch 0, to which the key of header protection belongs for ever
     */
    Packets(int aead, byte[] traffic, byte[] firstTraffic) {
        this.aead = aead;
        key = Primitives.expandLabel(traffic, "key", Primitives.EMPTY, 32);
        iv = Primitives.expandLabel(traffic, "iv", Primitives.EMPTY, 12);
        headerKey = Primitives.expandLabel(firstTraffic, "hp", Primitives.EMPTY, 32);
    }

    /** A packet without header protection, its number still cut. */
    record Header(byte[] connectionId, int epochBits, boolean reservedBits, int numberLength, long cutNumber) {}

    record Opened(long number, byte[] frames) {}

    byte[] protect(byte[] connectionId, long pathId, int epoch, long number, long largestAcked, byte[] frames) {
        return protect(connectionId, pathId, epoch, number, numberLength(number, largestAcked), frames);
    }

    byte[] protect(byte[] connectionId, long pathId, int epoch, long number, int numberLength, byte[] frames) {
        byte[] padded = Arrays.copyOf(frames, Math.max(frames.length, 4 - numberLength)); // PADDING is 0
        byte[] header = new Out()
                .bytes(connectionId)
                .integer(1, epoch % 4 << 2 | numberLength - 1)
                .integer(numberLength, number)
                .toBytes();
        byte[] sealed = Primitives.seal(aead, key, nonce(pathId, number), header, padded);
        return masked(Out.join(header, sealed), numberLength);
    }

    /** Removes header protection. Nothing of it may be acted on before {@link #open} has succeeded. */
    Header header(byte[] packet) {
        byte[] copy = unmasked(packet);
        int flags = copy[CONNECTION_ID];
        int length = (flags & 3) + 1;
        long number = new In(Arrays.copyOfRange(copy, NUMBER_AT, NUMBER_AT + length)).integer(length);
        byte[] id = Arrays.copyOf(copy, CONNECTION_ID);
        return new Header(id, flags >> 2 & 3, (flags & RESERVED_FLAGS) != 0, length, number);
    }

    /** @param largest the highest number that was opened on this path so far, -1 if none */
    Opened open(byte[] packet, long pathId, long largest) {
        byte[] copy = unmasked(packet);
        Header header = header(packet);
        int start = NUMBER_AT + header.numberLength;
        long number = restored(largest, header.cutNumber, header.numberLength);
        byte[] associated = Arrays.copyOf(copy, start);
        byte[] sealed = Arrays.copyOfRange(copy, start, copy.length);
        byte[] frames = Primitives.open(aead, key, nonce(pathId, number), associated, sealed);
        Refused.unless(!header.reservedBits, "reserved flags");
        return new Opened(number, frames);
    }

    private byte[] unmasked(byte[] packet) {
        Refused.unless(packet.length >= SAMPLE_AT + SAMPLE, "short packet");
        int flags = packet[CONNECTION_ID] ^ mask(packet)[0];
        return masked(packet, (flags & 3) + 1);
    }

    private byte[] masked(byte[] packet, int numberLength) {
        byte[] mask = mask(packet);
        byte[] copy = packet.clone();
        for (int i = 0; i <= numberLength; i++) {
            copy[CONNECTION_ID + i] ^= mask[i];
        }
        return copy;
    }

    private byte[] mask(byte[] packet) {
        return Primitives.headerMask(aead, headerKey, Arrays.copyOfRange(packet, SAMPLE_AT, SAMPLE_AT + SAMPLE));
    }

    private byte[] nonce(long pathId, long number) {
        return Out.xor(iv, new Out().integer(4, pathId).integer(8, number).toBytes());
    }

    /** RFC 9000 appendix A.2. */
    static int numberLength(long number, long largestAcked) {
        long unacked = number - largestAcked;
        int length = 1;
        while (unacked > 1L << (8 * length - 1)) {
            length++;
        }
        return length;
    }

    /** RFC 9000 appendix A.3. */
    static long restored(long largest, long cut, int length) {
        long expected = largest + 1;
        long window = 1L << 8 * length;
        long candidate = (expected & -window) | cut;
        if (candidate <= expected - window / 2 && candidate < (1L << 62) - window) {
            return candidate + window;
        }
        if (candidate > expected + window / 2 && candidate >= window) {
            return candidate - window;
        }
        return candidate;
    }
}
