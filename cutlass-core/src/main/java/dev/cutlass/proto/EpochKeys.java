package dev.cutlass.proto;

import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.packet.HeaderProtection;
import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.packet.PacketKeys;
import dev.cutlass.crypto.packet.Ratchet;
import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.wire.PacketHeader;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a connection by epoch: docs/protocol.md sections 4.1 to 4.3. A connection at rest keeps raw keys only: cipher objects are
 * made for each packet, and kept once several packets came close together.
 */
final class EpochKeys implements AutoCloseable {
    /** An epoch ends after so many packets: docs/protocol.md section 4.3. */
    static final long PACKETS_PER_EPOCH = PacketKeys.MAX_SEALED;

    /** The part of an epoch that is left when the engine is told to dial anew: seconds at the highest rates. */
    private static final int LAST_PART = 64;

    /** Packets that are kept for CLOSE and its repetitions. */
    private static final int KEPT_FOR_CLOSE = 64;

    /** Epoch numbers on the wire have two bits. */
    private static final int SLOTS = 4;

    /** Cipher objects stay from this many packets on ... */
    private static final int BURST_PACKETS = 8;

    /** ... without such a pause between two of them. A PING, its answers and their ACKs stay below. */
    private static final long BURST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** In the flags. */
    private static final int NUMBER_LENGTH_BITS = 3;

    private final KeySchedule schedule;
    private final KeyLimits limits;
    private final HeaderProtection sendingHeader;
    private final HeaderProtection receivingHeader;
    private final @Nullable PacketKeys[] receiving = new @Nullable PacketKeys[SLOTS];
    /** Of the packet that is looked at; there while cipher objects are. */
    private byte @Nullable [] mask;

    private final AeadAlgorithm algorithm;
    private final boolean initiator;
    private PacketKeys sending;

    /** Those of an epoch that is agreed and not sent under yet. */
    private @Nullable PacketKeys sendingNext;

    private long agreed;
    private long epoch;
    private int burst;
    private long lastUsedAt;
    private boolean nearLimitTold;
    private boolean closed;

    /** @param limits at most those of the protocol */
    EpochKeys(ConnectionStart start, KeyLimits limits) {
        schedule = start.keys();
        this.limits = limits;
        algorithm = start.aead();
        initiator = start.initiator();
        final byte[] sent = schedule.traffic().of(start.initiator() ? Role.INITIATOR : Role.RESPONDER);
        final byte[] received = schedule.traffic().of(start.initiator() ? Role.RESPONDER : Role.INITIATOR);
        sendingHeader = new HeaderProtection(algorithm, sent);
        receivingHeader = new HeaderProtection(algorithm, received);
        sending = new PacketKeys(algorithm, sent);
        receiving[0] = new PacketKeys(algorithm, received);
        schedule.forgetTraffic(); // who steals our memory later learns nothing of earlier epochs from it
    }

    /** The ratchet of this connection, which is asked for once: afterwards the root that it starts from is wiped here. */
    Ratchet ratchet(RekeyKeys means) {
        final Ratchet ratchet = new Ratchet(
                initiator ? Role.INITIATOR : Role.RESPONDER,
                schedule.ratchetRoot(),
                means.local(),
                means.remote().toArray(),
                Ratchet.DEFAULT_KEM_INTERVAL);
        schedule.forgetRatchetRoot();
        return ratchet;
    }

    /** The epoch that packets are sent under. */
    long epoch() {
        return epoch;
    }

    /**
     * A new epoch is agreed: from now on its packets can be opened.
     *
     * @param sent the traffic secret of what we send; not kept
     * @param received that of what we receive; not kept
     */
    void agree(long newEpoch, byte[] sent, byte[] received) {
        sendUnderAgreed(); // no epoch is skipped
        stopReceivingUnder(newEpoch - SLOTS);
        receiving[slot(newEpoch)] = new PacketKeys(algorithm, received);
        sendingNext = new PacketKeys(algorithm, sent);
        agreed = newEpoch;
    }

    /** From now on packets are sent under the epoch that was agreed, if they are not already; the keys of the one before are wiped. */
    void sendUnderAgreed() {
        final PacketKeys next = sendingNext;
        if (next != null) {
            sending.close();
            sending = next;
            sendingNext = null;
            epoch = agreed;
            nearLimitTold = false;
        }
    }

    /** The keys of an old epoch are wiped. */
    void stopReceivingUnder(long oldEpoch) {
        final PacketKeys keys = receiving[slot(oldEpoch)];
        if (keys != null) {
            keys.close();
            receiving[slot(oldEpoch)] = null;
        }
    }

    /** How an epoch is called in a packet. */
    static int slot(long anyEpoch) {
        return (int) Math.floorMod(anyEpoch, (long) SLOTS);
    }

    /** Whether the epoch has room for packets with any frames. */
    boolean canSealFrames() {
        return !closed && sending.sealed() < limits.packets() - KEPT_FOR_CLOSE;
    }

    /** Whether the epoch has room for a CLOSE. */
    boolean canSeal() {
        return !closed && sending.sealed() < limits.packets();
    }

    /** Whether half of the epoch is used, so that there is time for another. */
    boolean isHalfUsed() {
        return sending.sealed() >= limits.packets() / 2;
    }

    /** Whether a new connection is due, as no new epoch came, and that is news: once in an epoch. */
    boolean tellNearLimit() {
        final boolean near = sending.sealed() >= limits.packets() - KEPT_FOR_CLOSE - limits.packets() / LAST_PART;
        if (!near || nearLimitTold) {
            return false;
        }
        nearLimitTold = true;
        return true;
    }

    /** Whether one key has seen as many forgeries as it may: docs/protocol.md section 4.3. */
    boolean isForgeryLimitReached() {
        for (PacketKeys keys : receiving) {
            if (keys != null && isWornOut(keys)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Seals a packet and protects its header.
     *
     * @param plain begins with the plaintext
     * @param length of the plaintext
     * @param packet the header, and room for ciphertext and tag
     */
    void seal(long pathId, long number, byte[] plain, int length, byte[] packet, int headerLength, long now) {
        sending.seal((int) pathId, number, packet, 0, headerLength, plain, 0, length, packet, headerLength);
        final byte[] bits = mask();
        sendingHeader.mask(packet, PacketHeader.SAMPLE_OFFSET, bits);
        xorNumber(packet, 0, bits);
        packet[PacketHeader.FLAGS_OFFSET] ^= bits[0];
        onUsed(now);
    }

    /** Takes the header protection away, in place. */
    void unprotect(byte[] packet, int offset) {
        final byte[] bits = mask();
        receivingHeader.mask(packet, offset + PacketHeader.SAMPLE_OFFSET, bits);
        packet[offset + PacketHeader.FLAGS_OFFSET] ^= bits[0];
        xorNumber(packet, offset, bits);
    }

    private byte[] mask() {
        byte[] present = mask;
        if (present == null) {
            present = new byte[HeaderProtection.MASK_LENGTH];
            mask = present;
        }
        return present;
    }

    /** While the flags are not masked. */
    private static void xorNumber(byte[] packet, int offset, byte[] bits) {
        final int length = (packet[offset + PacketHeader.FLAGS_OFFSET] & NUMBER_LENGTH_BITS) + 1;
        for (int i = 0; i < length; i++) {
            packet[offset + PacketHeader.NUMBER_OFFSET + i] ^= bits[1 + i];
        }
    }

    private boolean isWornOut(PacketKeys keys) {
        return keys.failedOpenings() >= limits.failedOpenings();
    }

    /** Whether there is a key for these packets. One that saw too many forgeries opens no more, whoever still holds it. */
    boolean canOpen(int epochBits) {
        final PacketKeys keys = receiving[epochBits];
        return keys != null && !isWornOut(keys);
    }

    /**
     * Opens a packet in place.
     *
     * @param length of the packet
     * @return length of the plaintext, which begins behind the header; {@link Aead#FORGED} if the tag does not hold or there is no key
     */
    int open(
            int epochBits,
            long pathId,
            long number,
            byte[] packet,
            int offset,
            int headerLength,
            int length,
            long now) {
        final PacketKeys keys = receiving[epochBits];
        if (keys == null) {
            return Aead.FORGED;
        }
        final int body = offset + headerLength;
        final int plain = keys.open(
                (int) pathId, number, packet, offset, headerLength, packet, body, length - headerLength, packet, body);
        if (plain != Aead.FORGED) {
            onUsed(now);
        } else if (!isBusy()) {
            dropCiphers();
        }
        return plain;
    }

    /** Whether so many packets come and go that cipher objects, and other memory, are kept for the next ones. */
    boolean isBusy() {
        return burst >= BURST_PACKETS;
    }

    /** When a packet was last sealed or opened. */
    long lastUsedAt() {
        return lastUsedAt;
    }

    private void onUsed(long now) {
        if (now - lastUsedAt > BURST_PAUSE_NANOS) {
            burst = 0;
        }
        lastUsedAt = now;
        burst++;
        if (!isBusy()) {
            dropCiphers();
        }
    }

    /** Keeps raw keys only, until they are used again. */
    void rest() {
        burst = 0;
        dropCiphers();
    }

    private void dropCiphers() {
        sending.dropCiphers();
        mask = null;
        sendingHeader.dropCiphers();
        receivingHeader.dropCiphers();
        for (PacketKeys keys : receiving) {
            if (keys != null) {
                keys.dropCiphers();
            }
        }
    }

    byte[] export(String label, byte[] context, int length) {
        if (closed) {
            throw new IllegalStateException("the connection is over");
        }
        return schedule.export(label, context, length);
    }

    @Override
    public void close() {
        closed = true;
        sending.close();
        if (sendingNext != null) {
            sendingNext.close();
        }
        sendingHeader.close();
        receivingHeader.close();
        for (long i = 0; i < SLOTS; i++) {
            stopReceivingUnder(i);
        }
        schedule.close();
    }
}
