package dev.cutlass.bench;

import com.sun.management.ThreadMXBean;
import dev.cutlass.crypto.primitive.Aead;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.crypto.primitive.AeadKey;
import dev.cutlass.crypto.provider.Aeads;
import dev.cutlass.event.Message;
import dev.cutlass.proto.ConnectionStart;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What messages cost without a network, threads and an engine: two connections in one thread, in virtual time; processor time and bytes allocated for both sides, beside those of the cipher
 * alone for as many packets of the same length.
 */
final class PacketBench {
    private static final List<Integer> SIZES = List.of(64, 1_200, 60_000);
    private static final int ROUNDS = 9;
    private static final int WARM_UP = 4;
    private static final int BYTES_PER_ROUND = 20_000_000;
    private static final int MAX_MESSAGES_PER_ROUND = 100_000;

    private static final int ASSOCIATED = 12;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final TwoConnections both;

    private PacketBench(TwoConnections both) {
        this.both = both;
    }

    static void run(boolean quick) {
        final MarkdownTable table = new MarkdownTable(
                "messages of",
                "packets per message",
                "us per message",
                "us per packet",
                "cipher alone, us",
                "bytes allocated per message",
                "per packet",
                "cipher alone, per packet");
        try (HandshakePair pair = new HandshakePair()) {
            for (int size : SIZES) {
                final List<ConnectionStart> starts = pair.connect();
                new PacketBench(new TwoConnections(starts.get(0), starts.get(1))).measure(size, quick, table);
            }
        }
        table.print(System.out, "Both sides of a connection in one thread: medians of " + ROUNDS + " rounds");
    }

    private void measure(int size, boolean quick, MarkdownTable table) {
        final Message message = Message.bytes("application/octet-stream", new byte[size]);
        final int count = quick ? 100 : Math.min(MAX_MESSAGES_PER_ROUND, BYTES_PER_ROUND / size);
        final Samples nanos = new Samples(ROUNDS);
        final Samples cipherNanos = new Samples(ROUNDS);
        final Samples allocated = new Samples(ROUNDS);
        final Samples cipherAllocated = new Samples(ROUNDS);
        long packetsOfRound = 1;
        for (int round = 0; round < (quick ? 1 : WARM_UP + ROUNDS); round++) {
            final long packetsBefore = both.packets();
            final long bytesBefore = both.bytes();
            final long[] before = account();
            both.talk(message, count);
            final long[] after = account();
            packetsOfRound = both.packets() - packetsBefore;
            final long[] cipher =
                    cipherAlone((int) ((both.bytes() - bytesBefore) / packetsOfRound), packetsOfRound, round);
            if (quick || round >= WARM_UP) {
                nanos.add(after[0] - before[0]);
                allocated.add(after[1] - before[1]);
                cipherNanos.add(cipher[0]);
                cipherAllocated.add(cipher[1]);
            }
        }
        table.row(
                size + " bytes",
                String.format("%.2f", (double) packetsOfRound / count),
                String.format("%.2f", nanos.median() / 1e3 / count),
                String.format("%.2f", nanos.median() / 1e3 / packetsOfRound),
                String.format("%.2f", cipherNanos.median() / 1e3 / packetsOfRound),
                String.format("%.0f", (double) allocated.median() / count),
                String.format("%.0f", (double) allocated.median() / packetsOfRound),
                String.format("%.0f", (double) cipherAllocated.median() / packetsOfRound));
    }

    /** Processor time and allocated bytes of this thread. */
    private long[] account() {
        return new long[] {threads.getCurrentThreadCpuTime(), threads.getCurrentThreadAllocatedBytes()};
    }

    private long[] cipherAlone(int length, long times, int round) {
        final byte[] packet = new byte[length + Aead.TAG_LENGTH];
        final byte[] associated = new byte[ASSOCIATED];
        final ByteBuffer nonce = ByteBuffer.allocate(Aead.NONCE_LENGTH);
        final AeadKey key = Aeads.of(AeadAlgorithm.AES_256_GCM).newKey(new byte[Aead.KEY_LENGTH]);
        final long[] before = account();
        for (long i = 0; i < times; i++) {
            nonce.putInt(0, round).putLong(Integer.BYTES, i);
            key.seal(nonce.array(), associated, 0, ASSOCIATED, packet, 0, length, packet, 0);
            key.open(nonce.array(), associated, 0, ASSOCIATED, packet, 0, packet.length, packet, 0);
        }
        final long[] after = account();
        key.close();
        return new long[] {after[0] - before[0], after[1] - before[1]};
    }
}
