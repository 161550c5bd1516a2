package dev.cutlass.proto;

import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.noise.SecretsOfTests;
import dev.cutlass.crypto.packet.HeaderProtection;
import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.packet.PacketKeys;
import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.wire.Decoded;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.FrameReader;
import dev.cutlass.wire.PacketHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Has the keys of one side and makes packets that it never would. */
final class Wiretap {
    private final AeadAlgorithm aead;
    private final PacketKeys keys;
    private final HeaderProtection header;

    Wiretap(Role sender, AeadAlgorithm aead, long seed) {
        final KeySchedule schedule = new KeySchedule(SecretsOfTests.of(seed));
        this.aead = aead;
        keys = new PacketKeys(aead, schedule.traffic().of(sender));
        header = new HeaderProtection(aead, schedule.traffic().of(sender));
    }

    private Wiretap(AeadAlgorithm aead, PacketKeys keys, HeaderProtection header) {
        this.aead = aead;
        this.keys = keys;
        this.header = header;
    }

    /** The same side in another epoch. */
    Wiretap under(byte[] trafficSecret) {
        return new Wiretap(aead, new PacketKeys(aead, trafficSecret), header);
    }

    /** The frames of a packet of this side on path 0, if its number is below 2^8. */
    List<Frame> read(byte[] packet) {
        final byte[] mask = new byte[HeaderProtection.MASK_LENGTH];
        header.mask(packet, PacketHeader.SAMPLE_OFFSET, mask);
        packet[PacketHeader.FLAGS_OFFSET] ^= mask[0];
        for (int i = 0; i <= (packet[PacketHeader.FLAGS_OFFSET] & 3); i++) {
            packet[PacketHeader.NUMBER_OFFSET + i] ^= mask[1 + i];
        }
        final PacketHeader head = PacketHeader.read(packet, 0);
        final int length = keys.open(
                0,
                head.truncatedNumber(),
                packet,
                0,
                head.length(),
                packet,
                head.length(),
                packet.length - head.length(),
                packet,
                head.length());
        final List<Frame> frames = new ArrayList<>();
        if (length >= 0) {
            final FrameReader reader = new FrameReader(packet, head.length(), length);
            for (Decoded decoded; (decoded = reader.next()) != null; ) {
                frames.add((Frame) decoded);
            }
        }
        return frames;
    }

    byte[] packet(long id, long pathId, long number, Frame... frames) {
        int length = 0;
        for (Frame frame : frames) {
            length += frame.encodedLength();
        }
        final ByteBuffer plain = ByteBuffer.allocate(length);
        for (Frame frame : frames) {
            frame.encodeTo(plain);
        }
        return packet(id, pathId, number, 0, 0, plain.array());
    }

    byte[] packet(long id, long pathId, long number, int epoch, int reserved, byte[] plain) {
        final PacketHeader head = new PacketHeader(id, epoch, 4, number & 0xffff_ffffL, reserved);
        final byte[] packet = new byte[head.length() + plain.length + Aead.TAG_LENGTH];
        head.writeTo(packet, 0);
        System.arraycopy(plain, 0, packet, head.length(), plain.length);
        keys.dropCiphers(); // it may use a number twice: what it makes never meets real data
        keys.seal(
                (int) pathId,
                number,
                packet,
                0,
                head.length(),
                packet,
                head.length(),
                plain.length,
                packet,
                head.length());
        final byte[] mask = new byte[HeaderProtection.MASK_LENGTH];
        header.mask(packet, PacketHeader.SAMPLE_OFFSET, mask);
        packet[PacketHeader.FLAGS_OFFSET] ^= mask[0];
        for (int i = 0; i < 4; i++) {
            packet[PacketHeader.NUMBER_OFFSET + i] ^= mask[1 + i];
        }
        return packet;
    }
}
