package dev.cutlass.cables.exchange;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.Mac;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.mail.Delivery;
import dev.cutlass.cables.mail.Notices;
import dev.cutlass.cables.pki.Checked;
import dev.cutlass.cables.pki.DhKeyPair;
import dev.cutlass.cables.pki.ExchangeSecrets;
import dev.cutlass.cables.pki.SealedMail;
import dev.cutlass.cables.queue.IncomingState;
import dev.cutlass.cables.queue.MessageDirectory;
import dev.cutlass.cables.queue.MessageLocks;
import dev.cutlass.cables.queue.Names;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for a message of somebody else: a key made for it, fetched, opened, delivered, and confirmed until the sender acknowledges.
 * Cables protocol sections 10.2 and 13. A visit may be cut off anywhere and made again; no lock is held while it waits for the network;
 * nothing that is not verified is written. Any thread.
 */
@SuppressWarnings("try") // a lock is held for a block, whose code has no use for its name
public final class IncomingSteps {
    private static final Logger LOG = LoggerFactory.getLogger(IncomingSteps.class);
    private static final int MAX_HEADER = 1 << 20;

    private final ExchangeTools tools;
    private final PeerFiles peerFiles;
    private final Haste haste;
    private final NoticeAllowance allowance = new NoticeAllowance();

    /** For one user. */
    public IncomingSteps(ExchangeTools tools) {
        this.tools = tools;
        this.peerFiles = new PeerFiles(tools.remote(), tools.disk().books());
        this.haste = new Haste(tools.random());
    }

    /** What was seen of a message under its lock. */
    private record Seen(MessageDirectory message, IncomingState state, CablesAddress peer) {}

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
            case ANNOUNCED -> makeKey(seen);
            case WANTED -> receive(seen, now);
            case RECEIVED -> confirm(seen);
            default -> Next.TIMER; // the sender's turn
        };
    }

    /** Judges the directory, tidies it, and ends what is too old or broken; {@code null} if nothing is to be done. */
    private @Nullable Seen look(MessageId id, Instant now) throws IOException {
        try (MessageLocks.Held held = tools.disk().incomingLocks().lock(id)) {
            final MessageDirectory message = tools.disk().incoming().find(id);
            if (message == null) {
                return null;
            }
            final IncomingState state = IncomingState.of(message.names());
            final CablesAddress peer = message.peer();
            if (state == IncomingState.BROKEN || peer == null) {
                LOG.warn(
                        "message {} of somebody else is broken and is given up: its files are {}", id, message.names());
                message.finish(); // nothing of it was verified, so nobody is told
                return null;
            }
            message.deleteAllBut(state.kept());
            if (Duration.between(message.begun(), now).compareTo(tools.limits().maxAge()) >= 0) {
                expire(message, state, peer, now);
                return null;
            }
            return new Seen(message, state, peer);
        }
    }

    private void expire(MessageDirectory message, IncomingState state, CablesAddress peer, Instant now)
            throws IOException {
        final String key = message.id() + ".fail";
        if (state == IncomingState.RECEIVED) {
            final byte[] header = message.bytes(Names.HEADER, MAX_HEADER);
            tools.mailbox()
                    .deliver(
                            key,
                            Notices.failure(
                                    header == null ? new byte[0] : header,
                                    "Delivered, but the receipt was not acknowledged by",
                                    peer,
                                    now));
        } else if (allowance.take(now)) {
            tools.mailbox()
                    .deliver(
                            key,
                            Notices.neverCame(
                                    state == IncomingState.WANTED
                                            ? "Could not fetch or decrypt a message that was announced (not verified) by"
                                            : "A message was announced and never came (not verified) from",
                                    peer,
                                    message.begun(),
                                    now));
        } else {
            LOG.info("message {} was announced by {} (not verified) and never came", message.id(), peer);
        }
        message.finish();
    }

    // -- ANNOUNCED: make a key

    private Next makeKey(Seen seen) throws IOException {
        final MessageId id = seen.message().id();
        final DhKeyPair own = tools.keySource().take();
        final byte[] signed = tools.keys().sign(own.publicKey(), tools.random()); // slow, so before the lock
        try (MessageLocks.Held held = tools.disk().incomingLocks().lock(id)) {
            final MessageDirectory message = tools.disk().incoming().find(id);
            if (message != null && IncomingState.of(message.names()) == IncomingState.ANNOUNCED) {
                message.put(Names.PRIVATE_KEY, own.pem());
                message.put(Names.RECIPIENT_KEY, signed); // from here on it is KEY_READY, and this key stays
                message.mark(Names.PEER_OK);
                message.delete(Names.PEER_REQ);
            }
        }
        return Next.TIMER;
    }

    // -- WANTED: fetch, open, deliver

    private Next receive(Seen seen, Instant now) throws IOException {
        final MessageId id = seen.message().id();
        final Mac sendMac = seen.message().mac(Names.SEND_MAC);
        final byte[] pem = seen.message().bytes(Names.PRIVATE_KEY, Limits.MAX_KEY_FILE);
        final DhKeyPair own = pem == null ? null : DhKeyPair.parse(pem);
        if (own == null) {
            return Next.TIMER;
        }
        if (sendMac == null) {
            return Next.TIMER; // the sender repeats it
        }
        final Remote.Fetched sealed = tools.remote()
                .get(seen.peer(), RequestText.QUEUE + id, tools.limits().maxSealed());
        if (!(sealed instanceof Remote.Fetched.Body mail)) {
            return Next.TIMER;
        }
        final PeerFiles.Outcome outcome = peerFiles.fetch(seen.peer(), RequestText.QUEUE + id + RequestText.KEY, now);
        if (outcome instanceof PeerFiles.Outcome.Missing) {
            return Next.TIMER;
        }
        if (outcome instanceof PeerFiles.Outcome.Genuine genuine) {
            try (ExchangeSecrets secrets = ExchangeSecrets.of(own, genuine.key())) {
                final Checked<byte[]> opened = SealedMail.open(secrets, mail.bytes(), sendMac);
                if (opened instanceof Checked.Good<byte[]> compressed) {
                    return deliver(seen, secrets, compressed.value(), now);
                }
                LOG.warn(
                        "message {} from {}: {}",
                        id,
                        seen.peer(),
                        opened.whyNot().text());
            }
        } else if (outcome instanceof PeerFiles.Outcome.Refused refused) {
            LOG.warn(
                    "message {}: what is published as {} is not believed: {}",
                    id,
                    seen.peer().user(),
                    refused.why());
        }
        forgetMac(id, sendMac);
        return Next.TIMER;
    }

    /** What the MAC was over was wrong, or the MAC was: the sender's next one counts. The key stays. */
    private void forgetMac(MessageId id, Mac wrong) throws IOException {
        try (MessageLocks.Held held = tools.disk().incomingLocks().lock(id)) {
            final MessageDirectory message = tools.disk().incoming().find(id);
            if (message != null && wrong.equals(message.mac(Names.SEND_MAC))) {
                message.delete(Names.SEND_MAC);
            }
        }
    }

    private Next deliver(Seen seen, ExchangeSecrets secrets, byte[] compressed, Instant now) throws IOException {
        final MessageId id = seen.message().id();
        final Delivery delivery =
                Delivery.of(compressed, seen.peer(), now, tools.limits().maxMail());
        if (delivery == null) {
            LOG.warn(
                    "message {} from {}: no gzip stream, or more than {} bytes",
                    id,
                    seen.peer(),
                    tools.limits().maxMail());
            return Next.TIMER; // as the original: it is not confirmed, and both sides give it up in time
        }
        try (MessageLocks.Held held = tools.disk().incomingLocks().lock(id)) {
            final MessageDirectory message = tools.disk().incoming().find(id);
            if (message == null || IncomingState.of(message.names()) != IncomingState.WANTED) {
                return Next.AT_ONCE; // somebody else was faster
            }
            if (!standsForOneThatCame(delivery, seen.peer())) {
                // The same key each time: after a crash just here the mailbox has it already.
                tools.mailbox().deliver(id.text(), delivery.mail());
            }
            tools.disk().books().delivered(id, seen.peer().user());
            message.putAll(Map.of(
                    Names.HEADER, delivery.extract(),
                    Names.RECV_MAC,
                            MessageDirectory.line(secrets.recvMac(compressed).text()),
                    Names.ACK_MAC, MessageDirectory.line(secrets.ackMac().text())));
            message.mark(Names.RECV_OK); // from here on it is RECEIVED
            message.deleteAllBut(IncomingState.RECEIVED.kept());
        }
        haste.forget(id);
        return Next.AT_ONCE;
    }

    private boolean standsForOneThatCame(Delivery delivery, CablesAddress sender) {
        return Resending.replacedBy(delivery.mail()).stream()
                .anyMatch(old -> tools.disk().books().wasDelivered(old, sender.user()));
    }

    // -- RECEIVED: tell the sender, until it acknowledges

    private Next confirm(Seen seen) throws IOException {
        final MessageId id = seen.message().id();
        final Mac mac = seen.message().mac(Names.RECV_MAC);
        if (mac == null) {
            return Next.TIMER; // it was acknowledged meanwhile
        }
        final Remote.Fetched answer = tools.remote()
                .get(seen.peer(), RequestText.REQUEST + "rcp/" + id + "/" + mac.text(), Limits.MAX_ANSWER);
        if (answer instanceof Remote.Fetched.Status) {
            return haste.refused(id);
        }
        haste.forget(id);
        return Next.TIMER;
    }
}
