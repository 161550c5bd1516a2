package dev.cutlass.proto;

import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.noise.SecretsOfTests;
import dev.cutlass.crypto.packet.KeySchedule;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.ConversationLimits;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.Id128;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** One connection without a network; the test plays its peer. */
final class Alone {
    static final long MS = 1_000_000;
    static final long SECOND = 1_000 * MS;
    static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.1", 8365);
    private static final long SEED = 5;
    private static final long LOCAL_ID = 100;

    // One object for all, as the keys of an engine are.
    private static final RekeyKeys INITIATORS = RekeyKeysOfTests.of(SEED, true);
    private static final RekeyKeys RESPONDERS = RekeyKeysOfTests.of(SEED, false);

    final Conversation conversation = new Conversation(ConversationLimits.DEFAULT);
    final List<Output> outputs = new ArrayList<>();
    final Connection connection;
    final Wiretap peer;
    private final boolean initiator;
    long now;
    private long nextNumber;

    Alone(boolean initiator, ConnectionConfig config, long packetsPerEpoch) {
        this(initiator, config, packetsPerEpoch, new SplittableRandom(SEED));
    }

    Alone(boolean initiator, ConnectionConfig config, long packetsPerEpoch, RandomGenerator random) {
        this(initiator, config, KeyLimits.of(AeadAlgorithm.AES_256_GCM, packetsPerEpoch), random);
    }

    Alone(boolean initiator, ConnectionConfig config, KeyLimits limits, RandomGenerator random) {
        this.initiator = initiator;
        peer = new Wiretap(initiator ? Role.RESPONDER : Role.INITIATOR, AeadAlgorithm.AES_256_GCM, SEED);
        connection = new Connection(
                config,
                new ConnectionStart(
                        initiator,
                        true,
                        LOCAL_ID,
                        200,
                        new Id128(1, 1),
                        AeadAlgorithm.AES_256_GCM,
                        new KeySchedule(SecretsOfTests.of(SEED)),
                        initiator ? INITIATORS : RESPONDERS),
                conversation,
                PEER,
                0,
                random,
                limits,
                now);
        drain();
    }

    Alone(boolean initiator) {
        this(initiator, ConnectionConfig.defaults(), EpochKeys.PACKETS_PER_EPOCH);
    }

    /** What came since the last call. */
    List<Output> drain() {
        final List<Output> fresh = new ArrayList<>();
        for (Output output; (output = connection.poll()) != null; ) {
            fresh.add(output);
        }
        outputs.addAll(fresh);
        return fresh;
    }

    List<Output> hear(Frame... frames) {
        return hear(PEER, 0, frames);
    }

    List<Output> hear(InetSocketAddress from, int channel, Frame... frames) {
        return hearOn(0, from, channel, frames);
    }

    List<Output> hearOn(long pathId, InetSocketAddress from, int channel, Frame... frames) {
        final long id = pathId == 0
                ? LOCAL_ID
                : connection.localIds().bySequence(pathId).id();
        hearBytes(peer.packet(id, pathId, nextNumber++, frames), from, channel);
        return drain();
    }

    /** The next packet of the peer. */
    byte[] packet(Frame... frames) {
        return peer.packet(LOCAL_ID, 0, nextNumber++, frames);
    }

    /** Reads what this side sends. */
    Wiretap tap() {
        return new Wiretap(initiator ? Role.INITIATOR : Role.RESPONDER, AeadAlgorithm.AES_256_GCM, SEED);
    }

    void hearBytes(byte[] packet, InetSocketAddress from, int channel) {
        final byte[] arrived = packet.clone(); // opened in place, and some are heard twice
        connection.handle(arrived, 0, arrived.length, from, channel, now);
        java.util.Arrays.fill(arrived, (byte) 0xa5); // whatever still points there after the call loses what it had
    }

    /** Runs all timers up to a time. */
    List<Output> runTo(long time) {
        while (connection.nextDeadline() <= time) {
            now = Math.max(now, connection.nextDeadline());
            connection.handleTimeout(now);
        }
        now = time;
        return drain();
    }

    static long count(List<Output> outputs, Class<? extends Output> type) {
        return outputs.stream().filter(type::isInstance).count();
    }
}
