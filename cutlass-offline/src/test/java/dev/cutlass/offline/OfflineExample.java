package dev.cutlass.offline;

import dev.cutlass.Cutlass;
import dev.cutlass.cables.Carrier;
import dev.cutlass.cables.mailbox.Mailbox;
import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/** What docs/offline.md shows. */
final class OfflineExample {
    private OfflineExample() {}

    static void run(
            Path cablesHome, InetSocketAddress tor, Mailbox otherMail, Identity identity, Path home, PeerId friend)
            throws IOException {
        // begin
        try (CablesOfflineDelivery offline =
                        CablesOfflineDelivery.start(cablesHome, node -> node.carrier(Carrier.socks5(tor)), otherMail);
                Cutlass cutlass = Cutlass.builder()
                        .identity(identity)
                        .home(home)
                        .offlineDelivery(offline, Duration.ofMinutes(10))
                        .onMessage((peer, message) -> System.out.println(peer.nick() + ": " + message.text()))
                        .start()) {
            cutlass.setOfflineAddress(friend, "user@host.onion"); // once: known_peers remembers it
        }
        // end
    }
}
