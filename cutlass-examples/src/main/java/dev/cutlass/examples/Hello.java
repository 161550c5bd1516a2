package dev.cutlass.examples;

import dev.cutlass.Cutlass;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import java.io.IOException;
import java.nio.file.Path;

/** All that a program must know to send its first message: who it is, what to do with messages, whom to dial. */
public final class Hello {
    private Hello() {}

    /**
     * Says hello and ends.
     *
     * @param args the home folder and an address; the passphrase is in the environment variable {@code CUTLASS_PASSPHRASE}
     */
    public static void main(String[] args) throws IOException {
        final String passphrase = System.getenv("CUTLASS_PASSPHRASE");
        if (args.length != 2 || passphrase == null) {
            System.err.println("usage: CUTLASS_PASSPHRASE=... Hello HOME ADDRESS");
            System.exit(Main.USAGE);
            return;
        }
        hello(Path.of(args[0]), passphrase.toCharArray(), args[1]);
    }

    /**
     * Sends "hello" and waits until the other side has accepted it.
     *
     * @param home where the identity is kept
     * @param address whom to dial, e.g. {@code cutlass:KEY@host.example:8365}
     */
    public static void hello(Path home, char[] passphrase, String address) throws IOException {
        // README: begin
        try (Identity identity = Identity.loadOrCreate(home, passphrase);
                Cutlass cutlass = Cutlass.builder()
                        .identity(identity)
                        .nick("left")
                        .port(0) // outbound only; without this line others can dial us at UDP port 8365
                        .onMessage((peer, message) -> System.out.println(peer.nick() + ": " + message.text()))
                        .start()) {
            Peer other = cutlass.connect(PeerAddress.parse(address)).join();
            other.send("hello").join(); // completes when the other side has accepted it
        }
        // README: end
    }
}
