package dev.cutlass.examples.feature;

import dev.cutlass.Cutlass;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;
import dev.cutlass.event.Message;
import dev.cutlass.event.TrustPolicy;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** An unattended program: nobody looks at it, policies decide everything. It sends every message back to who sent it, until it is ended from outside. */
public final class EchoBot {
    private EchoBot() {}

    /**
     * Runs until it is ended from outside.
     *
     * @param args the home folder, and perhaps a UDP port
     */
    public static void main(String[] args) throws Exception {
        final Path home = Path.of(args[0]);
        final int port = args.length > 1 ? Integer.parseInt(args[1]) : PeerAddress.DEFAULT_PORT;
        final CountDownLatch failed = new CountDownLatch(1);
        // Nobody is there to type a passphrase: the key file is as safe as the folder is. Only its owner may read it.
        try (Identity identity = Identity.loadOrCreateUnencrypted(home);
                Cutlass cutlass = Cutlass.builder()
                        .identity(identity)
                        .nick("echo")
                        .port(port)
                        .home(home) // so that known peers, and recent ones, survive a restart
                        .trustPolicy(TrustPolicy.ACCEPT_NEW)
                        .onMessage(EchoBot::echo)
                        .listener(new CutlassListener() {
                            @Override
                            public void onFailed(CutlassEvent.Failed event) {
                                failed.countDown(); // whoever supervises this process starts it again
                            }
                        })
                        .start()) {
            // On SIGTERM the JVM runs this and nothing else: peers are told that we leave, instead of waiting for
            // silence.
            Runtime.getRuntime().addShutdownHook(new Thread(cutlass::close));
            System.out.println(identity.id().text());
            System.out.println("listening on UDP port " + cutlass.localPort());
            failed.await();
        }
        System.exit(1);
    }

    /**
     * Sends a message back. It never blocks and needs no wait: if the sender has left, the answer is kept until it is back, in a bounded outbox. A bot
     * that only answers and never dials cannot meet another of its kind and talk with it forever.
     */
    static void echo(Peer peer, Message message) {
        peer.send(message);
    }
}
