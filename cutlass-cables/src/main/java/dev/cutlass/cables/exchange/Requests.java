package dev.cutlass.cables.exchange;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.Mac;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.pki.OwnKeys;
import dev.cutlass.cables.queue.IncomingState;
import dev.cutlass.cables.queue.MessageDirectory;
import dev.cutlass.cables.queue.MessageLocks;
import dev.cutlass.cables.queue.MessageQueue;
import dev.cutlass.cables.queue.Names;
import dev.cutlass.cables.queue.OutgoingState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a peer's GET: the service without HTTP. Cables protocol sections 7 and 8. Any thread. */
public final class Requests {
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
    private static final Answer DONE = new Answer.Done();
    private static final Answer REFUSED = new Answer.Refused();
    private static final Answer MISSING = new Answer.Missing();

    private final OwnKeys keys;
    private final byte[] prefix;
    private final NodeDisk disk;
    private final Limits limits;
    private final Wake wake;
    private final Crowd crowd;

    /** Hears that a message wants a visit. */
    public interface Wake {
        /** One of ours. */
        void outgoing(MessageId id);

        /** One of others. */
        void incoming(MessageId id);
    }

    /** Answers for one user. */
    public Requests(OwnKeys keys, NodeDisk disk, Limits limits, Wake wake) {
        this.keys = keys;
        this.prefix = ("/" + keys.user() + "/").getBytes(StandardCharsets.US_ASCII);
        this.disk = disk;
        this.limits = limits;
        this.wake = wake;
        this.crowd = new Crowd(disk.incoming(), limits);
    }

    /**
     * Answers.
     *
     * @param path percent-decoded and otherwise as it came
     * @param now wall-clock time
     */
    public Answer answer(String path, Instant now) {
        final byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < prefix.length || !isOurs(bytes)) {
            return new Answer.Forbidden();
        }
        final RequestText request = RequestText.of(path.substring(prefix.length));
        try {
            return answer(request, now);
        } catch (IOException e) {
            LOG.warn("a request could not be carried out: {}", e.toString());
            return isFile(request) ? MISSING : REFUSED;
        }
    }

    /** In constant time: who does not know the user name is not to find it out letter by letter. */
    private boolean isOurs(byte[] path) {
        final byte[] start = new byte[prefix.length];
        System.arraycopy(path, 0, start, 0, start.length);
        return MessageDigest.isEqual(start, prefix);
    }

    private static boolean isFile(RequestText request) {
        return request instanceof RequestText.SealedMailOf
                || request instanceof RequestText.SenderKeyOf
                || request instanceof RequestText.RecipientKeyOf;
    }

    private Answer answer(RequestText request, Instant now) throws IOException {
        if (request instanceof RequestText.CaCertificate) {
            return new Answer.File(keys.caPem());
        } else if (request instanceof RequestText.VerifyCertificate) {
            return new Answer.File(keys.verifyPem());
        } else if (request instanceof RequestText.SealedMailOf file) {
            return file(disk.outgoing(), file.id(), Names.SEALED, limits.maxSealed());
        } else if (request instanceof RequestText.SenderKeyOf file) {
            return file(disk.outgoing(), file.id(), Names.SENDER_KEY, Limits.MAX_KEY_FILE);
        } else if (request instanceof RequestText.RecipientKeyOf file) {
            return file(disk.incoming(), file.id(), Names.RECIPIENT_KEY, Limits.MAX_KEY_FILE);
        } else if (request instanceof RequestText.Version) {
            return DONE;
        } else if (request instanceof RequestText.Announce announce) {
            return locked(disk.incomingLocks(), announce.id(), () -> announced(announce.id(), announce.sender(), now));
        } else if (request instanceof RequestText.Sent sent) {
            return locked(disk.incomingLocks(), sent.id(), () -> sent(sent.id(), sent.mac()));
        } else if (request instanceof RequestText.Received received) {
            return locked(disk.outgoingLocks(), received.id(), () -> received(received.id(), received.mac()));
        } else if (request instanceof RequestText.Acknowledged acknowledged) {
            return locked(
                    disk.incomingLocks(), acknowledged.id(), () -> acknowledged(acknowledged.id(), acknowledged.mac()));
        }
        return request instanceof RequestText.Malformed ? new Answer.Malformed() : new Answer.Forbidden();
    }

    private static Answer file(MessageQueue queue, MessageId id, String name, int maxLength) throws IOException {
        final MessageDirectory message = queue.find(id);
        final byte[] bytes = message == null ? null : message.bytes(name, maxLength);
        return bytes == null ? MISSING : new Answer.File(bytes);
    }

    private interface Change {
        Answer make() throws IOException;
    }

    private static Answer locked(MessageLocks locks, MessageId id, Change change) throws IOException {
        if (!locks.tryLock(id)) {
            return REFUSED;
        }
        try {
            return change.make();
        } finally {
            locks.unlock(id);
        }
    }

    /** msg: the first announcement of an id counts, and one that is finished is not begun again. */
    private Answer announced(MessageId id, CablesAddress sender, Instant now) throws IOException {
        if (disk.incoming().find(id) != null || disk.books().finishedAck(id) != null) {
            return DONE;
        }
        if (!crowd.admits(sender, now)) {
            return REFUSED;
        }
        final boolean isNew = disk.incoming()
                .add(
                        id,
                        Map.of(
                                Names.USER, line(sender.user().text()),
                                Names.HOST, line(sender.host().text()),
                                Names.PEER_REQ, new byte[0]));
        if (isNew) {
            crowd.added(sender);
            wake.incoming(id);
        }
        return DONE;
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** snd: the first MAC counts, until what it is over turns out to be wrong. */
    private Answer sent(MessageId id, Mac mac) throws IOException {
        final MessageDirectory message = disk.incoming().find(id);
        if (message == null) {
            return REFUSED;
        }
        final IncomingState state = IncomingState.of(message.names());
        if (state != IncomingState.KEY_READY && state != IncomingState.WANTED) {
            return REFUSED;
        }
        if (message.mac(Names.SEND_MAC) == null) {
            message.put(Names.SEND_MAC, mac.text());
            message.mark(Names.RECV_REQ);
            wake.incoming(id);
        }
        return DONE;
    }

    /** rcp: with the right MAC, and as often as it comes. */
    private Answer received(MessageId id, Mac mac) throws IOException {
        final MessageDirectory message = disk.outgoing().find(id);
        final OutgoingState state = message == null ? OutgoingState.BROKEN : OutgoingState.of(message.names());
        if (message == null || (state != OutgoingState.SENT && state != OutgoingState.CONFIRMED)) {
            return REFUSED;
        }
        if (!mac.equals(message.mac(Names.RECV_MAC))) {
            return REFUSED;
        }
        if (state == OutgoingState.SENT) {
            message.mark(Names.ACK_REQ);
            wake.outgoing(id);
        }
        return DONE;
    }

    /** ack: with the right MAC; a repeat is answered from memory, since the message is gone. */
    private Answer acknowledged(MessageId id, Mac mac) throws IOException {
        final @Nullable MessageDirectory message = disk.incoming().find(id);
        if (message == null) {
            return mac.equals(disk.books().finishedAck(id)) ? DONE : REFUSED;
        }
        if (IncomingState.of(message.names()) != IncomingState.RECEIVED || !mac.equals(message.mac(Names.ACK_MAC))) {
            return REFUSED;
        }
        disk.books().finish(id, mac); // before the directory goes: after a crash the repeat finds one or the other
        message.finish();
        wake.incoming(id);
        return DONE;
    }
}
