package dev.cutlass.bench.compare;

import dev.cutlass.Cutlass;
import dev.cutlass.FileOffer;
import dev.cutlass.FileSettings;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.Transfer;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.spi.FileSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Cutlass's own files: hashed before they are offered, verified before they are written, with a journal, by what any program calls. Default handlers. */
final class CutlassFiles implements FileContender {
    /** Names that begin with it go to a sink that only looks at the clock. */
    private static final String SMALL = "small";

    private final int datagram;

    /** @param datagram as for {@link CutlassContender} */
    CutlassFiles(int datagram) {
        this.datagram = datagram;
    }

    @Override
    public String label() {
        return datagram == CutlassContender.UNSET ? "Cutlass" : "Cutlass, packets of " + datagram;
    }

    @Override
    public Receiver receive(Path folder) throws IOException {
        final AtomicLong firstByteAt = new AtomicLong(Receiver.UNKNOWN);
        final Identity identity = Identity.generate();
        final Cutlass cutlass = CutlassContender.builder(identity, datagram)
                .anyPort()
                .files(FileSettings.into(folder).policy(FilePolicy.ASK).replace(true))
                .onFileOffer(offer -> accept(offer, firstByteAt))
                .start();
        return new Receiver() {
            @Override
            public String address() {
                return CutlassContender.address(cutlass.id(), cutlass.localPort());
            }

            @Override
            public long firstByteAt() {
                return firstByteAt.get();
            }

            @Override
            public void close() {
                cutlass.close();
                identity.close();
            }
        };
    }

    private static void accept(FileOffer offer, AtomicLong firstByteAt) {
        firstByteAt.set(Receiver.UNKNOWN);
        if (offer.name().startsWith(SMALL)) {
            offer.accept(new Noticing(firstByteAt));
        } else {
            offer.accept();
        }
    }

    @Override
    public Sender connect(String address) throws IOException {
        final Identity identity = Identity.generate();
        final Cutlass cutlass =
                CutlassContender.builder(identity, datagram).port(0).start();
        final Peer peer = cutlass.connect(PeerAddress.parse(address)).join();
        return new Sender() {
            /** What it was hashed for before is forgotten: it has been touched. */
            @Override
            public void send(Path file) throws IOException {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
                final Transfer transfer = cutlass.files().send(peer, file);
                transfer.result().join();
            }

            @Override
            public void close() {
                cutlass.close();
                identity.close();
            }
        };
    }

    /** Notes when the first byte comes to be written, and throws it away. */
    private record Noticing(AtomicLong firstByteAt) implements FileSink {
        @Override
        public void write(long position, ByteBuffer block) {
            firstByteAt.compareAndSet(Receiver.UNKNOWN, System.nanoTime());
        }

        @Override
        public void complete() {
            // nothing is kept
        }

        @Override
        public void abort(TransferFailure why) {
            // nothing is kept
        }
    }
}
