package dev.cutlass.offline;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.Message;
import dev.cutlass.event.MessageId;
import dev.cutlass.spi.OfflineInbox;
import dev.cutlass.spi.OfflineMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Peers, addresses and mails for tests. */
final class Mails {
    static final PeerId ANN = newPeer();
    static final PeerId BEN = newPeer();
    static final CablesAddress ANNS = CablesAddress.of("a".repeat(32) + "@6n53eglnjalo775k.onion");
    static final CablesAddress BENS = CablesAddress.of("b".repeat(32) + "@ixasm4dju7k2zgwm.onion");

    private Mails() {}

    static PeerId newPeer() {
        try (Identity identity = Identity.generate()) {
            return identity.id();
        }
    }

    static OfflineMessage message(PeerId peer, String type, byte[] content, long number) {
        final Message message = Message.received(type, content, 0, content.length, new MessageId(-5, 6, 0, number));
        return new OfflineMessage(peer, message, number / 2, Instant.ofEpochMilli(1_700_000_000_000L));
    }

    /** A text of Ann's to Ben, as Ben's node hands it over. */
    static byte[] toBen(String text, long number) {
        return OfflineMail.encode(ANNS, BENS, ANN, message(BEN, "", text.getBytes(StandardCharsets.UTF_8), number));
    }

    /** An engine that notes what it is told. */
    static final class Inbox implements OfflineInbox {
        final Map<PeerId, String> addresses = new HashMap<>();
        final List<OfflineMessage> came = new ArrayList<>();
        final List<Runnable> dones = new ArrayList<>();
        final List<String> told = new ArrayList<>();
        boolean knowsFailed = true;
        private final PeerId self;

        Inbox(PeerId self) {
            this.self = self;
        }

        List<String> texts() {
            return came.stream().map(message -> message.message().text()).toList();
        }

        @Override
        public PeerId self() {
            return self;
        }

        @Override
        public Optional<String> address(PeerId peer) {
            return Optional.ofNullable(addresses.get(peer));
        }

        @Override
        public void arrived(OfflineMessage message, Runnable done) {
            came.add(message);
            dones.add(done);
        }

        @Override
        public void delivered(PeerId peer, MessageId id) {
            told.add("delivered " + peer.text() + " " + id);
        }

        @Override
        public boolean failed(PeerId peer, MessageId id) {
            told.add("failed " + peer.text() + " " + id);
            return knowsFailed;
        }
    }
}
