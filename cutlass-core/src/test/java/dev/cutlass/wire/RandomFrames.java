package dev.cutlass.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/** Well-formed frames of every type, from a seed. */
final class RandomFrames {
    private final SplittableRandom random;

    RandomFrames(long seed) {
        random = new SplittableRandom(seed);
    }

    List<Frame> oneOfEach() {
        final int total = between(1, MessageFrame.MAX_TOTAL);
        final int size = between(1, Math.min(total, 1_100));
        final long number = varint();
        final long sequence = random.nextLong(NewConnectionIdFrame.MAX_SEQUENCE + 1);
        final long first = varint();
        return List.of(
                new PingFrame(random.nextLong()),
                new PongFrame(random.nextLong(), address()),
                new AckFrame(varint(), ranges(), varint()),
                new CryptoFrame(random.nextLong(Varint.MAX - 2_000), bytes(between(0, 1_100))),
                new MessageFrame(
                        varint(), number, random.nextLong(number + 1), total, between(0, total - size), bytes(size)),
                new ReceiptFrame(varint(), first, 1 + random.nextLong(Varint.MAX - first + 1), varint()),
                new PathChallengeFrame(random.nextLong()),
                new PathResponseFrame(random.nextLong()),
                new NewConnectionIdFrame(sequence, random.nextLong(sequence + 1), random.nextLong()),
                new RetireConnectionIdFrame(sequence),
                new LimitsFrame(
                        random.nextInt(4) == 0 ? LimitsFrame.NOT_NAMED : varint(),
                        random.nextBoolean() ? LimitsFrame.NOT_NAMED : varint()),
                new OpenFrame(varint(), between(0, 255), varint(), text(1, 15)),
                new OpenedFrame(varint(), varint()),
                new CloseFrame(varint(), text(0, 32)),
                new NickFrame(text(0, 15)));
    }

    /** Each length of number is as likely as the others. */
    long varint() {
        return random.nextLong() & Varint.MAX >>> random.nextInt(62);
    }

    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    Bytes bytes(int length) {
        final byte[] bytes = new byte[length + 3];
        random.nextBytes(bytes);
        return Bytes.of(bytes, 2, length);
    }

    String text(int least, int most) {
        final int[] letters = {'a', 'Z', ' ', 0xe9, 0x20ac, 0x1f980};
        final StringBuilder text = new StringBuilder();
        for (int left = between(least, most); left > 0; left--) {
            text.appendCodePoint(letters[random.nextInt(letters.length)]);
        }
        return text.toString();
    }

    private AckRanges ranges() {
        final long[] bounds = new long[2 * between(1, AckRanges.MAX_RANGES)];
        long below = Varint.MAX - varint() / 2;
        for (int i = 0; i < bounds.length; i += 2) {
            bounds[i] = Math.max(0, below - 2 - random.nextInt(100));
            bounds[i + 1] = Math.max(0, bounds[i] - random.nextInt(3));
            below = bounds[i + 1];
            if (below < 2) {
                return AckRanges.of(java.util.Arrays.copyOf(bounds, i + 2));
            }
        }
        return AckRanges.of(bounds);
    }

    private InetSocketAddress address() {
        final byte[] address = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(address);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), random.nextInt(65_536));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] encode(Frame frame) {
        final ByteBuffer out = ByteBuffer.allocate(frame.encodedLength());
        frame.encodeTo(out);
        if (out.hasRemaining()) {
            throw new AssertionError(frame + " says " + frame.encodedLength() + " bytes, wrote " + out.position());
        }
        return out.array();
    }
}
