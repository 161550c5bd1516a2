package dev.cutlass.examples.feature;

import dev.cutlass.Cutlass;
import dev.cutlass.FileSettings;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.spi.FileSink;
import dev.cutlass.spi.MemorySink;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file goes to a peer that takes files into a folder; what that peer shares is listed, and one of it fetched into memory. */
public final class SendFiles {
    private static final int ENOUGH = 1_000_000;

    private SendFiles() {}

    /** {@code args[0]}: a folder for the files of this program. */
    public static void main(String[] args) throws Exception {
        final Path folder = Path.of(args[0]);
        final Path letter = Files.writeString(folder.resolve("letter.txt"), "dear right");
        final Path list = Files.writeString(folder.resolve("list.txt"), "bread, salt");
        final Path inbox = folder.resolve("inbox");
        final InetAddress here = InetAddress.getLoopbackAddress();

        try (Identity leftKey = Identity.generate();
                Identity rightKey = Identity.generate();
                Cutlass left = Cutlass.builder()
                        .identity(leftKey)
                        .nick("left")
                        .port(0)
                        .bind(here)
                        .start();
                Cutlass right = Cutlass.builder()
                        .identity(rightKey)
                        .nick("right")
                        .anyPort()
                        .bind(here)
                        // An unattended server needs no handlers. Without this line only peers that are known may
                        // offer.
                        .files(FileSettings.into(inbox).policy(FilePolicy.ACCEPT))
                        .start()) {
            right.files().share("list.txt", list);
            final Peer peer = left.connect(
                            PeerAddress.of(right.id(), new PeerAddress.Place(here.getHostAddress(), right.localPort())))
                    .join();

            // Until the other side has it, verified, under its name and on its disk. A home (CutlassBuilder.home) makes
            // transfers outlive their programs.
            left.files().send(peer, letter).result().join();
            System.out.println("right has letter.txt: " + Files.readString(inbox.resolve("letter.txt")));

            left.files()
                    .list(peer, "")
                    .join()
                    .forEach(entry ->
                            System.out.println("right shares " + entry.name() + ", " + entry.length() + " bytes"));

            final MemorySink memory = FileSink.ofMemory(ENOUGH);
            left.files().request(peer, "list.txt", memory).result().join();
            System.out.println("left has list.txt: " + new String(memory.content(), StandardCharsets.UTF_8));
        }
    }
}
