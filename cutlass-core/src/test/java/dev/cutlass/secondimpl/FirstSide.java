package dev.cutlass.secondimpl;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.event.Message;
import dev.cutlass.proto.Connection;
import dev.cutlass.proto.ConnectionConfig;
import dev.cutlass.proto.ConnectionStart;
import dev.cutlass.proto.Output;
import dev.cutlass.proto.RekeyKeys;
import dev.cutlass.proto.handshake.CookieJar;
import dev.cutlass.proto.handshake.Dial;
import dev.cutlass.proto.handshake.HandshakeGate;
import dev.cutlass.proto.handshake.HandshakeHost;
import dev.cutlass.proto.handshake.HandshakeKeys;
import dev.cutlass.proto.handshake.HandshakeMode;
import dev.cutlass.proto.handshake.HandshakeOutput;
import dev.cutlass.proto.handshake.HandshakeResult;
import dev.cutlass.proto.handshake.InboundHandshakes;
import dev.cutlass.proto.handshake.InitiatorHandshake;
import dev.cutlass.proto.handshake.LocalParty;
import dev.cutlass.proto.handshake.StealthReplayGuard;
import dev.cutlass.proto.handshake.Verdict;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.ConversationLimits;
import dev.cutlass.proto.message.Inbound;
import dev.cutlass.proto.message.Outgoing;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.CloseCode;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.MessageClass;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The first implementation's state machines for one peer: what an engine does around them, without sockets and threads. */
final class FirstSide implements HandshakeHost {
    private final SecureRandom random = new SecureRandom();
    private final Identity identity;
    private final LocalParty local;
    private final HandshakeGate gate;
    private final InboundHandshakes inbound;
    private final Conversation conversation = new Conversation(ConversationLimits.DEFAULT);
    private final Set<Long> ids = new HashSet<>();
    private final List<byte[]> outgoing = new ArrayList<>();
    private final List<Message> received = new ArrayList<>();
    private final List<Outgoing> settled = new ArrayList<>();
    private final CookieJar cookies = new CookieJar(random);
    private byte @Nullable [] psk;
    private @Nullable PeerId pskPeer;
    private @Nullable InitiatorHandshake dial;
    private @Nullable HandshakeResult result;
    private @Nullable Connection connection;
    private Output.@Nullable Closed closed;
    private @Nullable InetSocketAddress pathUsed;
    private byte[] exported = {};
    private boolean even;
    private long now;

    FirstSide(Identity identity, HandshakeMode mode, AeadAlgorithm... aeads) {
        this.identity = identity;
        Id128 bootId = new Id128(random.nextLong(), random.nextLong());
        local = new LocalParty(identity.id(), identity.device(), bootId, "first", List.of(aeads));
        StealthReplayGuard guard = StealthReplayGuard.withoutPast(
                StealthReplayGuard.DEFAULT_WINDOW_MILLIS, StealthReplayGuard.DEFAULT_CAPACITY, MiniPair.NOW_MILLIS - 1);
        HandshakeKeys own = mode == HandshakeMode.STEALTH
                ? HandshakeKeys.stealth(identity.device().publicKey())
                : null;
        gate = new HandshakeGate(own == null, own, guard, cookies, random);
        inbound = new InboundHandshakes(local, own, this, cookies, guard, random);
    }

    PeerId id() {
        return identity.id();
    }

    byte[] staticKey() {
        return identity.device().publicKey();
    }

    /** With this peer, the only one of the test, whatever device it uses. */
    void usePsk(byte[] rootKey, byte[] bytes) {
        pskPeer = PeerId.parseWire(rootKey);
        psk = bytes;
    }

    boolean demandsCookies() {
        return cookies.isDemanding();
    }

    void dial(HandshakeMode mode, PeerId expected, byte[] responderStatic) {
        Bytes key = mode == HandshakeMode.STEALTH ? Bytes.of(responderStatic) : Bytes.EMPTY;
        Dial to = new Dial(mode, MiniPair.FROM, 0, expected, key, Bytes.EMPTY, Dial.DEFAULT_TIMEOUT);
        dial = InitiatorHandshake.start(to, local, this, random, now, MiniPair.NOW_MILLIS);
        gate.dialOpened(dial);
        pump();
    }

    void receive(byte[] datagram, InetSocketAddress from) {
        now += TimeUnit.MILLISECONDS.toNanos(1);
        Connection open = connection;
        if (open != null && ids.contains(new In(datagram).integer(8))) {
            open.handle(datagram, 0, datagram.length, from, 0, now);
        } else {
            handshake(gate.check(datagram, 0, datagram.length, from, now, MiniPair.NOW_MILLIS), from);
        }
        pump();
    }

    private void handshake(Verdict verdict, InetSocketAddress from) {
        if (verdict instanceof Verdict.Demand demand) {
            outgoing.add(demand.answer());
        } else if (verdict instanceof Verdict.Candidate candidate) {
            if (candidate.forResponder()) {
                inbound.handle(candidate, from, 0, now, MiniPair.NOW_MILLIS);
            } else {
                Objects.requireNonNull(dial).handle(candidate, from, now, MiniPair.NOW_MILLIS);
            }
        } else if (verdict instanceof Verdict.Opaque opaque) {
            if (opaque.forResponder()) {
                inbound.handle(opaque, from, 0, now, MiniPair.NOW_MILLIS);
            } else {
                Objects.requireNonNull(dial).handle(opaque, now, MiniPair.NOW_MILLIS);
            }
        }
    }

    /** Lets time pass. */
    void advance(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        inbound.handleTimeout(now);
        if (dial != null) {
            dial.handleTimeout(now);
        }
        if (connection != null) {
            connection.handleTimeout(now);
        }
        pump();
    }

    void send(byte[] encodedMessage) {
        Objects.requireNonNull(conversation.offer(0, encodedMessage));
        Objects.requireNonNull(connection).flush(now);
        pump();
    }

    /** Opens a channel for bulk. */
    long openBulk(String service) {
        long channel = even ? 2 : 1;
        Objects.requireNonNull(connection).open(channel, MessageClass.BULK, 0, service, now);
        pump();
        return channel;
    }

    void sendBulk(long channel, byte[] encodedMessage) {
        Objects.requireNonNull(conversation.of(MessageClass.BULK).offer(channel, encodedMessage));
        Objects.requireNonNull(connection).flush(now);
        pump();
    }

    private void pump() {
        for (HandshakeOutput out; (out = inbound.poll()) != null; ) {
            onHandshake(out);
        }
        for (HandshakeOutput out; dial != null && (out = dial.poll()) != null; ) {
            onHandshake(out);
        }
        for (Output out; connection != null && (out = connection.poll()) != null; ) {
            onConnection(out);
        }
        for (Inbound message; (message = conversation.peekDeliverable()) != null; ) {
            received.add(message.message());
            conversation.accept(message);
            Objects.requireNonNull(connection).flush(now); // its receipt
            pump();
        }
        for (Outgoing one; (one = conversation.pollSettled()) != null; ) {
            settled.add(one);
        }
        for (Outgoing one; (one = conversation.of(MessageClass.BULK).pollSettled()) != null; ) {
            settled.add(one);
        }
    }

    private void onHandshake(HandshakeOutput out) {
        if (out instanceof HandshakeOutput.Transmit transmit) {
            outgoing.add(transmit.datagram());
        } else if (out instanceof HandshakeOutput.PersistFlight persist) {
            inbound.persisted(persist.handshakeId(), now);
        } else if (out instanceof HandshakeOutput.Completed completed) {
            connected(completed.result(), completed.remote());
        } else if (out instanceof HandshakeOutput.Repeated) {
            Objects.requireNonNull(connection).repeatConfirmation(now);
        } else if (out instanceof HandshakeOutput.Failed failed) {
            throw new AssertionError(failed.reason().toString());
        }
    }

    private void connected(HandshakeResult done, InetSocketAddress remote) {
        result = done;
        even = Arrays.compareUnsigned(staticKey(), done.remoteStaticKey().toArray()) < 0;
        ids.add(done.localConnectionId());
        ConnectionStart start = new ConnectionStart(
                done.initiator(),
                even,
                done.localConnectionId(),
                done.remoteConnectionId(),
                done.remoteBootId(),
                done.aead(),
                done.keys(),
                new RekeyKeys(identity.device(), done.remoteStaticKey(), random));
        connection = new Connection(ConnectionConfig.defaults(), start, conversation, remote, 0, random, now);
        exported = connection.export("interop", new byte[] {1}, 32);
        connection.admit(now);
    }

    private void onConnection(Output out) {
        if (out instanceof Output.PathUsed path) {
            pathUsed = path.address();
        } else if (out instanceof Output.Transmit transmit) {
            outgoing.add(Arrays.copyOf(transmit.datagram(), transmit.length()));
        } else if (out instanceof Output.Confirmed) {
            Objects.requireNonNull(dial).confirmed();
        } else if (out instanceof Output.IdIssued issued) {
            ids.add(issued.id());
        } else if (out instanceof Output.IdRetired retired) {
            ids.remove(retired.id());
        } else if (out instanceof Output.RekeyWaits) {
            Objects.requireNonNull(connection).rekey(now);
        } else if (out instanceof Output.Closed last) {
            closed = last;
            connection = null;
        }
    }

    /** The datagrams that want to leave. */
    List<byte[]> poll() {
        List<byte[]> taken = List.copyOf(outgoing);
        outgoing.clear();
        return taken;
    }

    List<Message> received() {
        return received;
    }

    List<Outgoing> settled() {
        return settled;
    }

    /** Where the connection sends since the peer moved; null if it never did. */
    @Nullable
    InetSocketAddress pathUsed() {
        return pathUsed;
    }

    byte[] exported() {
        return exported;
    }

    @Nullable
    Connection connectionOrNull() {
        return connection;
    }

    /** The epoch that it sends under. */
    long epoch() {
        return Objects.requireNonNull(connection).info(now).epoch();
    }

    void close(String text) {
        Objects.requireNonNull(connection).close(CloseCode.NORMAL, text, now);
        pump();
    }

    HandshakeResult result() {
        return Objects.requireNonNull(result);
    }

    Output.@Nullable Closed closed() {
        return closed;
    }

    @Override
    public byte @Nullable [] psk(PeerId peer) {
        return psk == null || !peer.equals(pskPeer) ? null : psk.clone();
    }

    @Override
    public @Nullable PeerId pskPeer(byte[] staticKey) {
        return pskPeer;
    }

    @Override
    public @Nullable Id128 lastCompleted(PeerId peer, Id128 bootId) {
        return null;
    }

    @Override
    public long newConnectionId() {
        return random.nextLong();
    }
}
