package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.noise.SecretsOfTests;
import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.event.Message;
import dev.cutlass.fixtures.Participant;
import dev.cutlass.fixtures.SimDatagram;
import dev.cutlass.fixtures.SimHost;
import dev.cutlass.fixtures.SimNetwork;
import dev.cutlass.fixtures.SimSocket;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.ConversationLimits;
import dev.cutlass.proto.message.Inbound;
import dev.cutlass.proto.message.MessageCodec;
import dev.cutlass.proto.message.Outgoing;
import dev.cutlass.wire.Id128;
import dev.cutlass.wire.PacketHeader;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** One end of a connection on a simulated host: does what an engine does, and remembers it. */
final class Side implements Participant {
    static final int PORT = 8365;

    final SimNetwork network;
    final SimHost host;
    final Map<Integer, SimSocket> channels = new TreeMap<>();
    final Conversation conversation;
    final List<Output> outputs = new ArrayList<>();
    final List<String> received = new ArrayList<>();
    final List<Outgoing> settled = new ArrayList<>();
    final Set<Long> ids = new HashSet<>();
    final List<byte[]> sent = new ArrayList<>();

    /** Bytes from and to each address; a test in which an address got too much before it answered fails. */
    private final Map<InetSocketAddress, Long> heard = new HashMap<>();

    private final Map<InetSocketAddress, Long> told = new HashMap<>();
    private final Set<InetSocketAddress> answered = new HashSet<>();
    Connection connection;
    boolean accepting = true;
    boolean recording;
    long largestHeld;
    int largestDatagram = PacketHeader.BASE_PACKET_LENGTH;
    int largestSent;

    private Side(SimNetwork network, SimHost host) {
        this.network = network;
        this.host = host;
        conversation = new Conversation(ConversationLimits.DEFAULT);
        open(0, host.open(PORT));
    }

    /** Both ends of one connection, as after a handshake. */
    static Side[] pair(SimNetwork network, ConnectionConfig config, AeadAlgorithm aead) {
        return pair(network, config, aead, EpochKeys.PACKETS_PER_EPOCH);
    }

    static Side[] pair(SimNetwork network, ConnectionConfig config, AeadAlgorithm aead, long packetsPerEpoch) {
        return pair(network, network.host("left"), network.host("right"), config, aead, packetsPerEpoch);
    }

    /** The right host has a public address. */
    static Side[] pair(
            SimNetwork network,
            SimHost left,
            SimHost right,
            ConnectionConfig config,
            AeadAlgorithm aead,
            long packetsPerEpoch) {
        final Side[] sides = {new Side(network, left), new Side(network, right)};
        final InetSocketAddress seen = sides[0].knock(sides[1]);
        sides[0].connect(sides[1].address(), true, config, aead, packetsPerEpoch);
        sides[1].connect(seen, false, config, aead, packetsPerEpoch);
        return sides;
    }

    /** What a handshake does to the NATs between: the address under which the other side sees this one. */
    private InetSocketAddress knock(Side other) {
        final SimSocket door = other.channels.get(0);
        for (int i = 0; i < 1_000; i++) {
            channels.get(0).send(new byte[1], other.address());
            network.runFor(java.time.Duration.ofMillis(200));
            final SimDatagram knock = door.receive();
            if (knock != null) {
                network.runFor(java.time.Duration.ofMillis(500));
                while (door.receive() != null) {
                    // a duplicate
                }
                return knock.from();
            }
        }
        throw new AssertionError("no way from " + this.host + " to " + other.host);
    }

    InetSocketAddress address() {
        return channels.get(0).address();
    }

    private void connect(
            InetSocketAddress remote,
            boolean initiator,
            ConnectionConfig config,
            AeadAlgorithm aead,
            long packetsPerEpoch) {
        final long seed = network.seed();
        final SplittableRandom random = new SplittableRandom(seed * 31 + (initiator ? 1 : 2));
        final long idOfInitiator = new SplittableRandom(seed).nextLong();
        final ConnectionStart start = new ConnectionStart(
                initiator,
                initiator,
                initiator ? idOfInitiator : ~idOfInitiator,
                initiator ? ~idOfInitiator : idOfInitiator,
                new Id128(seed, initiator ? 2 : 1),
                aead,
                new KeySchedule(SecretsOfTests.of(seed)),
                RekeyKeysOfTests.of(seed, initiator));
        ids.add(start.localId());
        answered.add(remote);
        connection = new Connection(
                config, start, conversation, remote, 0, random, KeyLimits.of(aead, packetsPerEpoch), network.nanos());
        host.attach(this);
        drain();
    }

    /** A further socket, as the engine makes for a channel. */
    void open(int channel, SimSocket socket) {
        channels.put(channel, socket);
        socket.onUnreachable(() -> {
            connection.pathFailed(channel, now());
            drain();
        });
    }

    long now() {
        return network.nanos();
    }

    @Override
    public long nextDeadline() {
        return connection.nextDeadline();
    }

    @Override
    public void turn(long now) {
        for (Map.Entry<Integer, SimSocket> channel : new ArrayList<>(channels.entrySet())) {
            for (SimDatagram datagram; (datagram = channel.getValue().receive()) != null; ) {
                receive(datagram.payload(), datagram.from(), channel.getKey());
            }
        }
        if (connection.nextDeadline() <= now) {
            connection.handleTimeout(now);
            drain();
        }
    }

    void receive(byte[] payload, InetSocketAddress from, int channel) {
        heard.merge(from, (long) payload.length, Long::sum);
        final byte[] arrived = payload.clone(); // opened in place, and some are kept
        connection.handle(arrived, 0, arrived.length, from, channel, now());
        java.util.Arrays.fill(arrived, (byte) 0xa5); // whatever still points there after the call loses what it had
        drain();
    }

    /** Carries out all that the connection wants. */
    void drain() {
        if (accepting) {
            takeMessages();
        }
        for (Output output; (output = connection.poll()) != null; ) {
            outputs.add(output);
            if (output instanceof Output.Transmit transmit) {
                assertTrue(transmit.length() <= largestDatagram);
                largestSent = Math.max(largestSent, transmit.length());
                checkAmplification(transmit);
                final byte[] datagram = java.util.Arrays.copyOf(transmit.datagram(), transmit.length());
                if (recording) {
                    sent.add(datagram);
                }
                final SimSocket socket = channels.get(transmit.channel());
                if (socket != null) {
                    socket.send(datagram, transmit.to());
                }
            } else if (output instanceof Output.PathUsed used) {
                answered.add(used.address());
            } else if (output instanceof Output.IdIssued issued) {
                ids.add(issued.id());
            } else if (output instanceof Output.IdRetired retired) {
                ids.remove(retired.id());
            } else if (output instanceof Output.ChannelFree free) {
                channels.remove(free.channel()).close();
            } else if (output instanceof Output.RekeyWaits) {
                connection.rekey(now());
            } else if (output instanceof Output.Closed) {
                ids.clear();
            }
        }
        for (Outgoing one; (one = conversation.pollSettled()) != null; ) {
            settled.add(one);
        }
        largestHeld = Math.max(largestHeld, conversation.heldBytes());
    }

    /** docs/protocol.md section 4.5: three times what came from an address that has not answered. */
    private void checkAmplification(Output.Transmit transmit) {
        if (!answered.contains(transmit.to())) {
            final long bytes = told.merge(transmit.to(), (long) transmit.length(), Long::sum);
            assertTrue(bytes <= 3 * heard.getOrDefault(transmit.to(), 0L), () -> bytes + " bytes to " + transmit.to());
        }
    }

    private void takeMessages() {
        boolean took = false;
        for (Inbound inbound; (inbound = conversation.peekDeliverable()) != null; ) {
            received.add(inbound.message().text());
            conversation.accept(inbound);
            took = true;
        }
        if (took) {
            connection.flush(now());
        }
    }

    /** Lets the handlers work again. */
    void resume() {
        accepting = true;
        takeMessages();
        drain();
    }

    Outgoing send(String text) {
        final Outgoing outgoing = conversation.offer(0, MessageCodec.encode(Message.text(text)));
        connection.flush(now());
        drain();
        return outgoing;
    }

    void admit() {
        connection.admit(now());
        drain();
    }

    <T extends Output> List<T> outputs(Class<T> type) {
        return outputs.stream().filter(type::isInstance).map(type::cast).toList();
    }

    long count(Class<? extends Output> type) {
        return outputs(type).size();
    }
}
