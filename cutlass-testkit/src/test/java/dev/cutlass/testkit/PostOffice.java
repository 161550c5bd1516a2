package dev.cutlass.testkit;

import dev.cutlass.CutlassBuilder;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.Message;
import dev.cutlass.spi.OfflineDelivery;
import dev.cutlass.spi.OfflineInbox;
import dev.cutlass.spi.OfflineMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Mail between peers of a test that lies where it is until the test carries it. It survives engines, as a disk does. An address is a name that {@link #addressOf} gives.
 */
final class PostOffice {
    /** A mail under way. */
    record Mail(PeerId from, PeerId to, OfflineMessage message) {}

    /** Mail in the order in which it was sent. */
    final List<Mail> underWay = new ArrayList<>();

    private final Map<PeerId, Box> boxes = new HashMap<>();

    static String addressOf(TestPeer peer) {
        return "box:" + peer.id().fingerprint().replace(" ", "");
    }

    /** Both know where the other one gets mail. */
    static void introduce(TestPeer one, TestPeer other) {
        one.cutlass().setOfflineAddress(other.id(), addressOf(other));
        other.cutlass().setOfflineAddress(one.id(), addressOf(one));
    }

    /** For the settings of a peer. */
    CutlassBuilder serve(CutlassBuilder settings, Duration away) {
        return settings.offlineDelivery(new Box(), away);
    }

    Box box(TestPeer peer) {
        return boxes.get(peer.id());
    }

    /** Carries the first mail under way. */
    void carry() {
        carry(underWay.get(0));
    }

    void carryAll() {
        while (!underWay.isEmpty()) {
            carry();
        }
    }

    /** Puts a mail into its recipient's box, and tells its sender if it is there. */
    void carry(Mail mail) {
        underWay.remove(mail);
        leave(mail);
        confirm(mail);
    }

    /** The first half of it. */
    void leave(Mail mail) {
        final Box to = boxes.get(mail.to());
        final Message message = mail.message().message();
        final OfflineMessage came = new OfflineMessage(
                mail.from(), message, mail.message().base(), mail.message().time());
        to.kept.add(came);
        to.feed(came);
    }

    /** The second half. */
    void confirm(Mail mail) {
        boxes.get(mail.from())
                .inbox
                .ifPresent(inbox -> inbox.delivered(mail.to(), mail.message().id()));
    }

    /** It is given up. */
    void lose(Mail mail) {
        underWay.remove(mail);
        boxes.get(mail.from())
                .inbox
                .ifPresent(inbox -> inbox.failed(mail.to(), mail.message().id()));
    }

    /** Where one peer's mail comes and goes; engines come and go before it. */
    final class Box implements OfflineDelivery {
        /** What came and is still needed. */
        final List<OfflineMessage> kept = new ArrayList<>();

        Optional<OfflineInbox> inbox = Optional.empty();
        boolean isFull;

        @Nullable
        PeerId owner;

        @Override
        public void attach(OfflineInbox opened) {
            inbox = Optional.of(opened);
            owner = opened.self();
            final Box before = boxes.put(opened.self(), this);
            if (before != null && before != this) {
                kept.addAll(before.kept);
            }
            List.copyOf(kept).forEach(this::feed);
        }

        void feed(OfflineMessage came) {
            inbox.ifPresent(to -> to.arrived(came, () -> kept.remove(came)));
        }

        @Override
        public void send(String address, OfflineMessage message) throws IOException {
            if (isFull || !address.startsWith("box:")) {
                throw new IOException("not now");
            }
            underWay.add(new Mail(owner, message.peer(), message));
        }

        @Override
        public void detach() {
            inbox = Optional.empty();
        }
    }
}
