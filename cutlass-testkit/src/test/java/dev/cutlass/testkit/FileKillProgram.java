package dev.cutlass.testkit;

import dev.cutlass.Cutlass;
import dev.cutlass.CutlassBuilder;
import dev.cutlass.FileSettings;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.engine.EngineSeams;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.spi.FileSource;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * One side of a transfer, a process to be killed. Arguments: {@code fetch} or {@code hold}; home; own port; address of the other side; the folder for what comes, or the file that is sent; the file in which
 * it counts. Each of its lines is a fact that the test waits for.
 */
final class FileKillProgram {
    /** So often the holder says how much it has read, in bytes. */
    static final int STEP = 65_536;

    private FileKillProgram() {}

    public static void main(String[] args) throws Exception {
        final Path home = Path.of(args[1]);
        final Path path = Path.of(args[4]);
        try (Identity identity = Identity.loadOrCreateUnencrypted(home)) {
            final Counter counter = new Counter(Path.of(args[5]));
            final CutlassBuilder builder = Cutlass.builder()
                    .seams(counting(counter))
                    .identity(identity)
                    .port(Integer.parseInt(args[2]))
                    .bind(InetAddress.getLoopbackAddress())
                    .home(home);
            final PeerAddress other = PeerAddress.parse(args[3]);
            if (args[0].equals("fetch")) {
                fetch(builder, other, path);
            } else {
                hold(builder, other, path, counter);
            }
        }
    }

    private static EngineSeams counting(Counter counter) {
        final EngineSeams real = EngineSeams.real();
        return new EngineSeams(
                (address, port) -> CountingPort.open(address, port, counter::sent),
                real.ticker(),
                real.clock(),
                real.random(),
                real.resolver(),
                false,
                null);
    }

    private static void fetch(CutlassBuilder builder, PeerAddress other, Path folder) throws IOException {
        builder.files(FileSettings.into(folder).policy(FilePolicy.ACCEPT)).listener(new CutlassListener() {
            @Override
            public void onFileReceived(CutlassEvent.FileReceived event) {
                System.out.println("received");
            }
        });
        try (Cutlass cutlass = builder.start()) {
            final var unused = cutlass.connect(other); // whoever was started last finds the other one
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // until the test has seen enough
            }
        }
    }

    private static void hold(CutlassBuilder builder, PeerAddress other, Path file, Counter counter) throws Exception {
        try (Counting source = new Counting(file, counter);
                Cutlass cutlass = builder.files(FileSettings.outgoing()).start()) {
            final Peer peer = cutlass.connect(other).get(1, TimeUnit.MINUTES);
            cutlass.files().send(peer, "a", source).result().get(5, TimeUnit.MINUTES);
            System.out.println("sent");
        }
    }

    /** What a side did in all its lives, where a kill does not reach the numbers. */
    static final class Counter {
        private final MappedByteBuffer numbers;

        Counter(Path file) throws IOException {
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                this.numbers = channel.map(FileChannel.MapMode.READ_WRITE, 0, 2 * Long.BYTES);
            }
        }

        synchronized long read(int more) {
            numbers.putLong(0, read() + more);
            return read();
        }

        synchronized void sent(long more) {
            numbers.putLong(Long.BYTES, sent() + more);
        }

        /** Bytes of the file that were read to be sent. */
        synchronized long read() {
            return numbers.getLong(0);
        }

        /** Bytes of all datagrams that left. */
        synchronized long sent() {
            return numbers.getLong(Long.BYTES);
        }
    }

    /** Counts what is read of a file after it was hashed. */
    private static final class Counting implements FileSource {
        private final FileSource file;
        private final Counter counter;
        private final long length;
        private long hashed;
        private long told;

        Counting(Path file, Counter counter) throws IOException {
            this.file = FileSource.of(file);
            this.length = this.file.length();
            this.counter = counter;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            final int count = file.read(position, into);
            if (hashed < length) {
                hashed += count;
                return count;
            }
            final long read = counter.read(count);
            if (read - told >= STEP) {
                told = read;
                System.out.println("read " + read);
            }
            return count;
        }

        @Override
        public Object stamp() throws IOException {
            return file.stamp();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
