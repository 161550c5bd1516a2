package dev.cutlass.cables.exchange;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.Mac;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.mail.Notices;
import dev.cutlass.cables.pki.DhKeyPair;
import dev.cutlass.cables.pki.ExchangeSecrets;
import dev.cutlass.cables.pki.SealedMail;
import dev.cutlass.cables.queue.MessageDirectory;
import dev.cutlass.cables.queue.MessageLocks;
import dev.cutlass.cables.queue.Names;
import dev.cutlass.cables.queue.OutgoingState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for a message of ours: announced, sealed for the recipient's key, told of until the recipient confirms, acknowledged. Cables protocol sections 10.1 and 13. A visit may be cut off anywhere and made again; no lock is held while
 * it waits for the network. Any thread.
 */
@SuppressWarnings("try") // a lock is held for a block, whose code has no use for its name
public final class OutgoingSteps {
    private static final Logger LOG = LoggerFactory.getLogger(OutgoingSteps.class);
    private static final int MAX_HEADER = 1 << 20;

    private final ExchangeTools tools;
    private final PeerFiles peerFiles;
    private final Haste haste;
    private final Resending resending;

    /** For one user. */
    public OutgoingSteps(ExchangeTools tools) {
        this.tools = tools;
        this.peerFiles = new PeerFiles(tools.remote(), tools.disk().books());
        this.haste = new Haste(tools.random());
        this.resending = new Resending(tools.disk().outgoing(), tools.random());
    }

    /** What was seen of a message under its lock. */
    private record Seen(MessageDirectory message, OutgoingState state, CablesAddress peer, CablesAddress self) {}

    /**
     * Does what can be done for a message now.
     *
     * @param now wall-clock time
     * @throws IOException if the disk does not do; nothing is lost
     */
    public Next visit(MessageId id, Instant now) throws IOException {
        final Seen seen = look(id, now);
        if (seen == null) {
            haste.forget(id);
            return Next.TIMER;
        }
        return switch (seen.state()) {
            case NEW -> seal(seen, now);
            case SENT -> tell(seen, now);
            case CONFIRMED -> confirm(seen, now);
            case ACKNOWLEDGED -> acknowledge(seen);
            default -> Next.TIMER;
        };
    }

    /** Judges the directory, tidies it, and ends what is too old or broken; {@code null} if nothing is to be done. */
    private @Nullable Seen look(MessageId id, Instant now) throws IOException {
        try (MessageLocks.Held held = tools.disk().outgoingLocks().lock(id)) {
            final MessageDirectory message = tools.disk().outgoing().find(id);
            if (message == null) {
                return null;
            }
            final OutgoingState state = OutgoingState.of(message.names());
            final CablesAddress peer = message.peer();
            final CablesAddress self = message.self();
            if (state == OutgoingState.BROKEN || peer == null || self == null) {
                LOG.warn("message {} of ours is broken and is given up: its files are {}", id, message.names());
                giveUp(message, "Files of this message are missing; it was given up:", peer, now);
                return null;
            }
            message.deleteAllBut(state.kept());
            resending.settle(message);
            if (Duration.between(message.begun(), now).compareTo(tools.limits().maxAge()) >= 0) {
                expire(message, state, peer, now);
                return null;
            }
            return new Seen(message, state, peer, self);
        }
    }

    private void giveUp(MessageDirectory message, String what, @Nullable CablesAddress peer, Instant now)
            throws IOException {
        if (peer != null) {
            tools.mailbox().deliver(message.id() + ".fail", Notices.failure(headerOf(message), what, peer, now));
        }
        message.finish();
    }

    private void expire(MessageDirectory message, OutgoingState state, CablesAddress peer, Instant now)
            throws IOException {
        switch (state) {
            case NEW -> giveUp(message, "Could not obtain the key of, or encrypt for,", peer, now);
            case ACKNOWLEDGED -> {
                if (message.names().contains(Names.ACK_SAID)) {
                    message.finish(); // most likely it was heard: the user has a receipt, which is true
                } else {
                    giveUp(message, "Delivery was verified, but the receipt could not be acknowledged to", peer, now);
                }
            }
            default -> giveUp(message, "Sent, but no receipt came from", peer, now);
        }
    }

    private static byte[] headerOf(MessageDirectory message) throws IOException {
        final byte[] header = message.bytes(Names.HEADER, MAX_HEADER);
        return header == null ? new byte[0] : header;
    }

    // -- NEW: announce, fetch the recipient's key, seal

    private Next seal(Seen seen, Instant now) throws IOException {
        final MessageId id = seen.message().id();
        final Remote.Fetched announced = request(
                seen.peer(),
                "msg/" + id + "/" + seen.self().host() + "/" + seen.self().user());
        if (!(announced instanceof Remote.Fetched.Body)) {
            return announced instanceof Remote.Fetched.Status ? haste.refused(id) : Next.TIMER;
        }
        final String keyPath = RequestText.RQUEUE + id + RequestText.KEY;
        final PeerFiles.Outcome outcome = peerFiles.fetch(seen.peer(), keyPath, now);
        if (outcome instanceof PeerFiles.Outcome.Missing missing) {
            return missing.isAnswered() ? haste.refused(id) : Next.TIMER; // the recipient needs a moment for its key
        }
        if (outcome instanceof PeerFiles.Outcome.Refused refused) {
            LOG.warn(
                    "message {}: what is published as {} is not believed: {}",
                    id,
                    seen.peer().user(),
                    refused.why());
            return Next.TIMER;
        }
        final PeerFiles.Outcome.Genuine genuine = (PeerFiles.Outcome.Genuine) outcome;
        if (tools.disk().books().wasUsed(genuine.keyHash(), id)) {
            LOG.warn("message {}: an old key of {} is replayed", id, seen.peer().user());
            return Next.TIMER;
        }
        // Once more: who answers for the recipient for a moment only is caught, unless it answers both times. Cables
        // protocol 18.13.
        if (!(peerFiles.fetch(seen.peer(), keyPath, now) instanceof PeerFiles.Outcome.Genuine again)
                || !again.keyHash().equals(genuine.keyHash())) {
            return haste.refused(id);
        }
        commitSealed(seen, genuine);
        haste.forget(id);
        return Next.AT_ONCE;
    }

    private void commitSealed(Seen seen, PeerFiles.Outcome.Genuine peer) throws IOException {
        final MessageId id = seen.message().id();
        final DhKeyPair own = tools.keySource().take();
        final byte[] signed = tools.keys().sign(own.publicKey(), tools.random()); // slow, so before the lock
        try (ExchangeSecrets secrets = ExchangeSecrets.of(own, peer.key());
                MessageLocks.Held held = tools.disk().outgoingLocks().lock(id)) {
            final MessageDirectory message = tools.disk().outgoing().find(id);
            final byte[] compressed = message == null
                    ? null
                    : message.bytes(Names.MESSAGE, tools.limits().maxSealed());
            if (message == null || compressed == null || OutgoingState.of(message.names()) != OutgoingState.NEW) {
                return; // somebody else was faster
            }
            tools.disk().books().use(peer.keyHash(), id);
            resending.keep(message, compressed);
            message.putAll(Map.of(
                    Names.SENDER_KEY, signed,
                    Names.SEALED, SealedMail.seal(secrets, compressed, tools.random()),
                    Names.SEND_MAC,
                            MessageDirectory.line(secrets.sendMac(compressed).text()),
                    Names.RECV_MAC,
                            MessageDirectory.line(secrets.recvMac(compressed).text()),
                    Names.ACK_MAC, MessageDirectory.line(secrets.ackMac().text())));
            message.mark(Names.SEND_OK); // from here on it is SENT
            message.deleteAllBut(OutgoingState.SENT.kept());
        }
    }

    // -- SENT: tell the recipient, until it confirms

    private Next tell(Seen seen, Instant now) throws IOException {
        final MessageId id = seen.message().id();
        final Mac mac = seen.message().mac(Names.SEND_MAC);
        if (mac == null) {
            return Next.TIMER; // it was confirmed meanwhile
        }
        if (resending.isDue(seen.message(), now)) {
            return resend(id);
        }
        final Remote.Fetched answer = request(seen.peer(), "snd/" + id + "/" + mac.text());
        if (answer instanceof Remote.Fetched.Status) {
            return haste.refused(id);
        }
        haste.forget(id);
        return Next.TIMER;
    }

    private Next resend(MessageId id) throws IOException {
        try (MessageLocks.Held held = tools.disk().outgoingLocks().lock(id)) {
            final MessageDirectory message = tools.disk().outgoing().find(id);
            if (message != null && OutgoingState.of(message.names()) == OutgoingState.SENT) {
                final MessageId fresh = resending.resend(message, tools.limits().maxSealed());
                LOG.info("message {} was not confirmed for a long time; it is sent anew as {}", id, fresh);
            }
        }
        return Next.AT_ONCE;
    }

    // -- CONFIRMED: tell our user

    private Next confirm(Seen seen, Instant now) throws IOException {
        final MessageId id = seen.message().id();
        try (MessageLocks.Held held = tools.disk().outgoingLocks().lock(id)) {
            final MessageDirectory message = tools.disk().outgoing().find(id);
            if (message == null || OutgoingState.of(message.names()) != OutgoingState.CONFIRMED) {
                return Next.AT_ONCE;
            }
            // The same key each time: after a crash just here the mailbox has it already.
            tools.mailbox().deliver(id + ".receipt", Notices.receipt(headerOf(message), seen.peer(), now));
            message.mark(Names.ACK_OK); // from here on it is ACKNOWLEDGED
            message.deleteAllBut(OutgoingState.ACKNOWLEDGED.kept());
        }
        return Next.AT_ONCE;
    }

    // -- ACKNOWLEDGED: tell the recipient that we heard it

    private Next acknowledge(Seen seen) throws IOException {
        final MessageId id = seen.message().id();
        final Mac mac = seen.message().mac(Names.ACK_MAC);
        if (mac == null) {
            return Next.TIMER;
        }
        final boolean wasSaid = seen.message().names().contains(Names.ACK_SAID);
        final Remote.Fetched answer = request(seen.peer(), "ack/" + id + "/" + mac.text());
        if (answer instanceof Remote.Fetched.Status) {
            if (!wasSaid) {
                return haste.refused(id);
            }
            // An original forgets a message that is acknowledged: after a lost answer its refusal means that it was
            // heard. Cables protocol 18.1.
            final Next again = haste.refused(id);
            if (!again.isTimer()) {
                return again;
            }
        }
        try (MessageLocks.Held held = tools.disk().outgoingLocks().lock(id)) {
            final MessageDirectory message = tools.disk().outgoing().find(id);
            if (message == null || OutgoingState.of(message.names()) != OutgoingState.ACKNOWLEDGED) {
                return Next.TIMER;
            }
            if (answer instanceof Remote.Fetched.Unreachable) {
                message.mark(Names.ACK_SAID);
                return Next.TIMER;
            }
            message.finish();
            haste.forget(id);
        }
        return Next.AT_ONCE;
    }

    private Remote.Fetched request(CablesAddress peer, String arguments) {
        return tools.remote().get(peer, RequestText.REQUEST + arguments, Limits.MAX_ANSWER);
    }
}
