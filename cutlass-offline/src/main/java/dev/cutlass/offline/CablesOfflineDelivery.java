package dev.cutlass.offline;

import dev.cutlass.cables.CablesHome;
import dev.cutlass.cables.CablesNode;
import dev.cutlass.cables.MailRefused;
import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.mailbox.Mailbox;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.spi.OfflineDelivery;
import dev.cutlass.spi.OfflineInbox;
import dev.cutlass.spi.OfflineMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Messages to peers that are away, as mail between cables nodes. It runs a node; close it after the engine. One engine at a time uses it. Any thread. docs/offline.md.
 *
 * <pre>{@code
 * CablesOfflineDelivery.start(home, node -> node.carrier(Carrier.socks5(tor)), otherMail);
 * }</pre>
 */
public final class CablesOfflineDelivery implements OfflineDelivery, AutoCloseable {
    /** In the node's home. */
    private static final String FOLDER = "offline";

    private final CablesNode node;
    private final BridgeMailbox mailbox;

    /** Who the engine is; null while there is none. Volatile: attach and send are called on different threads. */
    private volatile @Nullable PeerId self;

    private CablesOfflineDelivery(CablesNode node, BridgeMailbox mailbox) {
        this.node = node;
        this.mailbox = mailbox;
    }

    /**
     * Starts a node in a home that {@link CablesHome#create} or {@code ./cutlass cables init} made.
     *
     * @param settings of the node, as it is started elsewhere; its mailbox is set here
     * @param otherMail gets what is no message of Cutlass
     * @throws IllegalArgumentException if there is no home, or a setting is no good: says what and where
     * @throws IOException if a node runs in this home already, the address is taken, or the disk does not do
     */
    public static CablesOfflineDelivery start(Path home, UnaryOperator<CablesNode.Builder> settings, Mailbox otherMail)
            throws IOException {
        final BridgeMailbox mailbox = BridgeMailbox.open(CablesHome.open(home).user(), home.resolve(FOLDER), otherMail);
        return new CablesOfflineDelivery(
                settings.apply(CablesNode.builder(home)).mailbox(mailbox).start(), mailbox);
    }

    /** The node, to send other mail, or to see what it does. */
    public CablesNode node() {
        return node;
    }

    @Override
    public void attach(OfflineInbox inbox) {
        self = inbox.self();
        mailbox.attach(inbox);
    }

    /** Takes a message into the node's queue; when this returns it is on the disk. */
    @Override
    public void send(String address, OfflineMessage message) throws IOException {
        final CablesAddress to = CablesAddress.parse(address);
        final PeerId from = self;
        if (to == null || from == null) {
            throw new IOException(to == null ? "the offline address is none of cables" : "there is no engine");
        }
        try {
            node.send(OfflineMail.encode(node.addresses().get(0), to, from, message));
        } catch (MailRefused e) {
            throw new IOException("the node does not take the mail: " + e.reason(), e);
        }
    }

    @Override
    public void detach() {
        mailbox.detach();
    }

    /** Stops the node. What is under way goes on when one runs in the home again. */
    @Override
    public void close() throws IOException {
        node.close();
    }
}
