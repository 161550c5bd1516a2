package dev.cutlass.testkit;

import dev.cutlass.Cutlass;
import dev.cutlass.FileSettings;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;
import dev.cutlass.event.FilePolicy;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Accepts every file into a folder until one is complete: a process to be killed. Arguments: home, folder, address of who sends. */
final class FetcherProgram {
    private FetcherProgram() {}

    public static void main(String[] args) throws Exception {
        final Path home = Path.of(args[0]);
        final CountDownLatch received = new CountDownLatch(1);
        try (Identity identity = Identity.loadOrCreateUnencrypted(home);
                Cutlass cutlass = Cutlass.builder()
                        .identity(identity)
                        .anyPort()
                        .bind(InetAddress.getLoopbackAddress())
                        .home(home)
                        .files(FileSettings.into(Path.of(args[1])).policy(FilePolicy.ACCEPT))
                        .listener(new CutlassListener() {
                            @Override
                            public void onFileReceived(CutlassEvent.FileReceived event) {
                                received.countDown();
                            }
                        })
                        .start()) {
            cutlass.connect(PeerAddress.parse(args[2])).join();
            System.out.println(identity.id());
            received.await();
            Thread.currentThread().join(3_000); // DONE is on its way: nobody tells when it has arrived
        }
    }
}
