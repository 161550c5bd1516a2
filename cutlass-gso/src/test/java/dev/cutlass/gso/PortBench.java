package dev.cutlass.gso;

import dev.cutlass.net.NioDatagramPort;
import dev.cutlass.spi.DatagramBatch;
import dev.cutlass.spi.DatagramPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Datagrams per second one way over loopback, bare ports, interleaved rounds: docs/transport.md. A program, no test. */
final class PortBench {
    private static final int ROUNDS = 7;
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);
    private static final int BATCH = 32;
    private static final int[] LENGTHS = {64, 1_200};
    private static final String[] NAMES = {"NIO", "GSO"};

    private PortBench() {}

    private static final class Counted implements DatagramPort.Receiver {
        volatile boolean ends;
        volatile long count;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
        public void onDatagram(byte[] buffer, int offset, int length, InetSocketAddress from, int channel) {
            count++;
        }

        @Override
        public void onUnreachable(int channel) {}
    }

    private static DatagramPort open(boolean gso) throws IOException {
        InetAddress local = InetAddress.getByName("127.0.0.1");
        return gso ? GsoDatagramPort.open(local, 0) : NioDatagramPort.open(local, 0);
    }

    /** Sent and received datagrams per second. */
    private static double[] round(boolean gso, int length) throws Exception {
        try (DatagramPort left = open(gso);
                DatagramPort right = open(gso)) {
            Counted counted = new Counted();
            Thread listener = new Thread(() -> {
                while (!counted.ends) {
                    right.await(TimeUnit.MILLISECONDS.toNanos(100));
                    right.receive(counted, 256);
                }
            });
            listener.start();
            DatagramBatch batch = new DatagramBatch(BATCH);
            byte[] datagram = new byte[length];
            for (int i = 0; i < BATCH; i++) {
                batch.add(datagram, length, right.localAddress(), DatagramPort.BOUND);
            }
            long begin = System.nanoTime();
            long sent = 0;
            long now = begin;
            while (now - begin < ROUND_NANOS) {
                sent += left.sendBatch(batch);
                now = System.nanoTime();
            }
            double seconds = (now - begin) / 1e9;
            long received = counted.count;
            counted.ends = true;
            right.wakeup();
            listener.join();
            return new double[] {sent / seconds, received / seconds};
        }
    }

    public static void main(String[] args) throws Exception {
        for (int length : LENGTHS) {
            double[][][] results = new double[2][2][ROUNDS];
            for (int i = -2; i < ROUNDS; i++) { // two to warm up
                for (int gso = 0; gso < 2; gso++) {
                    double[] one = round(gso == 1, length);
                    if (i >= 0) {
                        results[gso][0][i] = one[0];
                        results[gso][1][i] = one[1];
                    }
                }
            }
            for (int gso = 0; gso < 2; gso++) {
                Arrays.sort(results[gso][0]);
                Arrays.sort(results[gso][1]);
                System.out.printf(
                        Locale.ROOT,
                        "%s %5d B: %,12.0f sent/s, %,12.0f received/s%n",
                        NAMES[gso],
                        length,
                        results[gso][0][ROUNDS / 2],
                        results[gso][1][ROUNDS / 2]);
            }
        }
    }
}
