package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.event.CloseReason;
import dev.cutlass.fixtures.Seeds;
import dev.cutlass.fixtures.SimNetwork;
import dev.cutlass.proto.message.Outgoing;
import dev.cutlass.wire.AckFrame;
import dev.cutlass.wire.AckRanges;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.CloseCode;
import dev.cutlass.wire.CloseFrame;
import dev.cutlass.wire.CryptoFrame;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.MessageClass;
import dev.cutlass.wire.MessageFrame;
import dev.cutlass.wire.NewConnectionIdFrame;
import dev.cutlass.wire.NickFrame;
import dev.cutlass.wire.OpenFrame;
import dev.cutlass.wire.OpenedFrame;
import dev.cutlass.wire.PathChallengeFrame;
import dev.cutlass.wire.PathResponseFrame;
import dev.cutlass.wire.PingFrame;
import dev.cutlass.wire.PongFrame;
import dev.cutlass.wire.ReceiptFrame;
import dev.cutlass.wire.RetireConnectionIdFrame;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers and broken peers send to a connection. */
class ConnectionHostileTest {
    private static final long SEED = 11;
    /** Bytes of a packet with an ACK and a PING, and nothing else. */
    private static final int MOST_OF_AN_ACK = 64;

    private static final InetSocketAddress STRANGER = new InetSocketAddress("192.0.2.77", 4_000);

    private final SimNetwork network = SimNetwork.seeded(SEED);
    private Side left;
    private Side right;
    private Wiretap asLeft;
    private long rightId;
    private long nextNumber = 1_000;

    @BeforeEach
    void connect() {
        connect(AeadAlgorithm.AES_256_GCM);
    }

    private void connect(AeadAlgorithm aead) {
        final Side[] sides = Side.pair(
                network,
                network.host("left-" + aead + network.nanos()),
                network.host("right-" + aead + network.nanos()),
                ConnectionConfig.defaults(),
                aead,
                EpochKeys.PACKETS_PER_EPOCH);
        left = sides[0];
        right = sides[1];
        left.admit();
        right.admit();
        network.runFor(Duration.ofSeconds(2));
        asLeft = new Wiretap(Role.INITIATOR, aead, SEED);
        rightId = right.connection.localIds().bySequence(0).id();
    }

    /** Gives the right side an authentic packet of the left one, from its true address. */
    private void inject(Frame... frames) {
        right.receive(asLeft.packet(rightId, 0, nextNumber++, frames), left.address(), 0);
    }

    private void injectPlain(byte[] plain) {
        right.receive(asLeft.packet(rightId, 0, nextNumber++, 0, 0, plain), left.address(), 0);
    }

    private void assertClosedBy(CloseReason reason) {
        assertFalse(right.connection.isOpen());
        assertEquals(1, right.count(Output.Ending.class));
        assertEquals(reason, right.outputs(Output.Ending.class).get(0).reason());
        network.runFor(Duration.ofSeconds(10));
        assertEquals(List.of(new Output.Closed(reason, true)), right.outputs(Output.Closed.class));
        assertEquals(List.of(new Output.Closed(reason, true)), left.outputs(Output.Closed.class));
    }

    /** One packet of every type of frame, as the left side would send them. */
    private List<Frame[]> everyType() {
        final List<Frame[]> all = new ArrayList<>();
        all.add(new Frame[] {new PingFrame(1)});
        all.add(new Frame[] {new PongFrame(1, STRANGER)});
        all.add(new Frame[] {new AckFrame(0, AckRanges.of(0, 0), 0)});
        all.add(new Frame[] {new CryptoFrame(0, Bytes.of(new byte[] {1, 2, 3}))});
        all.add(new Frame[] {new MessageFrame(0, 0, 0, 3, 0, Bytes.of(new byte[] {0, 'h', 'i'}))});
        all.add(new Frame[] {new ReceiptFrame(0, 0, 1, 0)});
        all.add(new Frame[] {new PathChallengeFrame(1)});
        all.add(new Frame[] {new PathResponseFrame(1)});
        all.add(new Frame[] {new NewConnectionIdFrame(4, 0, 99)});
        all.add(new Frame[] {new RetireConnectionIdFrame(3)});
        all.add(new Frame[] {new LimitsFrame(1 << 22)});
        all.add(new Frame[] {new OpenFrame(2, 0, 1, "service")});
        all.add(new Frame[] {new OpenedFrame(3, 0)});
        all.add(new Frame[] {new NickFrame("nick")});
        all.add(new Frame[] {CloseFrame.of(CloseCode.NORMAL, "")});
        return all;
    }

    /** Everything that a dropped datagram must not change. */
    private String traces() {
        return right.connection.info(network.nanos())
                + " " + right.connection.info(network.nanos()).packetsReceived()
                + " " + right.connection.info(network.nanos()).silence()
                + " " + right.connection.nextDeadline()
                + " " + right.connection.state()
                + " " + right.outputs.size()
                + " " + right.connection.paths().all().size()
                + " " + right.connection.localIds().bySequence(0).largest()
                + " " + right.conversation.heldBytes();
    }

    @ParameterizedTest
    @EnumSource(AeadAlgorithm.class)
    void aFlippedBitInAnyPacketLeavesNoTraceAndTheTruePacketStillCounts(AeadAlgorithm aead) {
        connect(aead);
        final String before = traces();
        for (Frame[] frames : everyType()) {
            final byte[] packet = asLeft.packet(rightId, 0, nextNumber, frames);
            for (int bit = 0; bit < 8 * packet.length; bit++) {
                final byte[] flipped = packet.clone();
                flipped[bit / 8] ^= (byte) (1 << (bit % 8));
                right.receive(flipped, STRANGER, 0);
                assertEquals(before, traces(), frames[0] + " bit " + bit);
            }
        }
        right.receive(asLeft.packet(rightId, 0, nextNumber, new PingFrame(7)), left.address(), 0);
        assertTrue(right.outputs.get(right.outputs.size() - 1) instanceof Output.Transmit);
    }

    @Test
    void aTruncatedPacketLeavesNoTrace() {
        final String before = traces();
        for (Frame[] frames : everyType()) {
            final byte[] packet = asLeft.packet(rightId, 0, nextNumber, frames);
            for (int length = 0; length < packet.length; length++) {
                right.receive(java.util.Arrays.copyOf(packet, length), left.address(), 0);
                assertEquals(before, traces());
            }
            right.receive(java.util.Arrays.copyOf(packet, packet.length + 1), left.address(), 0);
            assertEquals(before, traces());
        }
    }

    @Test
    void garbageLeavesNoTraceButCounters() {
        final String before = traces();
        final Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            final byte[] garbage = new byte[random.nextInt(1_300)];
            random.nextBytes(garbage);
            if (i % 2 == 0 && garbage.length >= 8) {
                java.nio.ByteBuffer.wrap(garbage).putLong(rightId);
            }
            right.receive(garbage, STRANGER, 0);
        }
        assertEquals(before, traces());
        long drops = 0;
        for (PacketDrop why : PacketDrop.values()) {
            drops += right.connection.drops(why);
        }
        assertEquals(20_000, drops);
        assertTrue(right.connection.drops(PacketDrop.FORGED) > 1_000);
        assertTrue(right.connection.drops(PacketDrop.NO_KEY) > 1_000);
    }

    @Test
    void aRepeatedPacketIsIgnoredWhereverItComesFrom() {
        final byte[] packet = asLeft.packet(rightId, 0, nextNumber, new PingFrame(1));
        right.receive(packet, left.address(), 0);
        final String before = traces();
        right.receive(packet, left.address(), 0);
        right.receive(packet, STRANGER, 0);
        right.receive(packet, left.address(), 1);
        assertEquals(before, traces());
        assertEquals(3, right.connection.drops(PacketDrop.REPLAYED));
    }

    @Test
    void aNumberBelowTheReplayWindowIsIgnored() {
        inject(new PingFrame(1));
        nextNumber += 10_000;
        inject(new PingFrame(2));
        final String before = traces();
        right.receive(asLeft.packet(rightId, 0, nextNumber - 1 - 4_096, new PingFrame(3)), left.address(), 0);
        assertEquals(before, traces());
        right.receive(asLeft.packet(rightId, 0, nextNumber - 1 - 4_095, new PingFrame(3)), left.address(), 0);
        assertFalse(before.equals(traces()));
    }

    @Test
    void anAckOfAPacketThatWasNeverSentCloses() {
        inject(new AckFrame(0, AckRanges.of(1 << 20, 1 << 20), 0));
        assertClosedBy(CloseReason.PROTOCOL_VIOLATION);
    }

    @Test
    void anAckOfAPathThatWasNeverUsedCloses() {
        inject(new AckFrame(2, AckRanges.of(0, 0), 0));
        assertClosedBy(CloseReason.PROTOCOL_VIOLATION);
    }

    @Test
    void anAckOfAnIdThatWasNeverGivenCloses() {
        inject(new AckFrame(70, AckRanges.of(0, 0), 0));
        assertClosedBy(CloseReason.PROTOCOL_VIOLATION);
    }

    @Test
    void reservedBitsInAnAuthenticPacketClose() {
        right.receive(asLeft.packet(rightId, 0, nextNumber++, 0, 1, new byte[] {0, 0, 0}), left.address(), 0);
        assertClosedBy(CloseReason.PROTOCOL_VIOLATION);
    }

    @Test
    void anUnknownFrameOfTheIgnorableHalfIsSkippedAndOneOfTheOtherCloses() {
        injectPlain(new byte[] {0x21, 2, 9, 9});
        assertTrue(right.connection.isOpen());
        injectPlain(new byte[] {0x1f, 0});
        assertClosedBy(CloseReason.PROTOCOL_VIOLATION);
    }

    @Test
    void aMalformedFrameCloses() {
        injectPlain(new byte[] {1, 7, 0, 0, 0, 0, 0, 0, 0});
        assertClosedBy(CloseReason.PROTOCOL_VIOLATION);
    }

    /** Channel, number, back, total, offset, then data: docs/protocol.md section 5. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 1 0 5 0", // no data
                "0 1 0 0 0", // of nothing
                "0 1 0 0 0 42", // a byte of nothing
                "0 1 0 5 5 42", // behind the end
                "0 1 0 5 4 42 42", // over the end
                "0 1 0 5 63 42", // far behind the end
                "0 1 2 5 0 42", // waits for itself
                "0 1 0 5" // cut
            })
    void aFragmentThatCannotBeEndsTheConnectionAndHurtsNoMessageBeforeIt(String fields) {
        inject(new MessageFrame(0, 0, 0, 3, 0, Bytes.of(new byte[] {0, 'h', 'i'})));
        final String[] numbers = fields.split(" ");
        final byte[] frame = new byte[2 + numbers.length];
        frame[0] = MessageFrame.TYPE;
        frame[1] = (byte) numbers.length;
        for (int i = 0; i < numbers.length; i++) {
            frame[2 + i] = Byte.parseByte(numbers[i]);
        }
        injectPlain(frame);
        assertEquals(List.of("hi"), right.received);
        assertClosedBy(CloseReason.PROTOCOL_VIOLATION);
        assertEquals(0, right.conversation.heldBytes());
    }

    @Test
    void moreMessagesThanTheLimitAllowsClose() {
        right.accepting = false;
        final long window = ConnectionConfig.defaults().messageWindow();
        final int total = MessageFrame.MAX_TOTAL;
        long started = 0;
        for (int i = 0; right.connection.isOpen(); i++) {
            started += total + ConnectionConfig.MESSAGE_OVERHEAD;
            inject(new MessageFrame(0, i, i, total, 0, Bytes.of(new byte[] {0})));
            assertEquals(started <= window, right.connection.isOpen());
        }
        assertTrue(right.largestHeld <= window + total + ConnectionConfig.MESSAGE_OVERHEAD);
        assertClosedBy(CloseReason.PROTOCOL_VIOLATION);
        assertEquals(0, right.conversation.heldBytes());
    }

    /** The silly window of TCP: a limit that rises byte by byte must not become a packet per byte. */
    @Test
    void aPeerThatGivesRoomByteByByteGetsWholeMessagesAndNoPacketForAByte() {
        final SimNetwork fresh = SimNetwork.seeded(SEED);
        final Side[] sides = Side.pair(fresh, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
        fresh.runFor(Duration.ofSeconds(1));
        final Side sender = sides[1];
        sender.admit();
        final Wiretap tap = new Wiretap(Role.INITIATOR, AeadAlgorithm.AES_256_GCM, SEED);
        final long id = sender.connection.localIds().bySequence(0).id();
        final List<Outgoing> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(sender.send("x".repeat(200)));
        }
        final int cost = waiting.get(0).total() + ConnectionConfig.MESSAGE_OVERHEAD;
        int messagePackets = 0;
        for (int limit = 0; limit <= 3 * cost; limit++) {
            final long before = sender.connection.info(fresh.nanos()).bytesSent();
            sender.receive(tap.packet(id, 0, 500 + limit, new LimitsFrame(limit)), sides[0].address(), 0);
            final long bytes = sender.connection.info(fresh.nanos()).bytesSent() - before;
            final boolean starts = limit > 0 && limit % cost == 0;
            messagePackets += starts ? 1 : 0;
            assertEquals(starts, bytes > MOST_OF_AN_ACK, bytes + " bytes at " + limit);
            for (int i = 0; i < waiting.size(); i++) {
                assertEquals(limit >= (i + 1) * cost, waiting.get(i).isSent(), "message " + i + " at " + limit);
            }
        }
        assertEquals(waiting.size(), messagePackets);
        assertTrue(sender.connection.isOpen());
    }

    @Test
    void whatNeedsAdmissionBeforeItClosesAndWhatDoesNotPasses() {
        for (Frame[] frames : everyType()) {
            final SimNetwork fresh = SimNetwork.seeded(SEED);
            final Side[] sides = Side.pair(fresh, ConnectionConfig.defaults(), AeadAlgorithm.AES_256_GCM);
            fresh.runFor(Duration.ofSeconds(1));
            final Side undecided = sides[1];
            final Wiretap tap = new Wiretap(Role.INITIATOR, AeadAlgorithm.AES_256_GCM, SEED);
            final long id = undecided.connection.localIds().bySequence(0).id();
            undecided.receive(tap.packet(id, 0, 500, frames), sides[0].address(), 0);
            final boolean needsAdmission = frames[0] instanceof CryptoFrame
                    || frames[0] instanceof MessageFrame
                    || frames[0] instanceof ReceiptFrame
                    || frames[0] instanceof OpenFrame
                    || frames[0] instanceof OpenedFrame
                    || frames[0] instanceof NickFrame;
            final boolean ends = needsAdmission || frames[0] instanceof CloseFrame;
            assertEquals(!ends, undecided.connection.isOpen(), frames[0].toString());
            if (needsAdmission) {
                assertEquals(
                        CloseReason.PROTOCOL_VIOLATION,
                        undecided.outputs(Output.Ending.class).get(0).reason());
            }
        }
    }

    @Test
    void moreThanEightUnretiredIdsOrOneNumberTwiceClose() {
        inject(new NewConnectionIdFrame(
                3, 0, right.connection.remoteIds().bySequence(3).id()));
        assertTrue(right.connection.isOpen(), "a repetition");
        for (long sequence = 4; sequence < 8; sequence++) {
            inject(new NewConnectionIdFrame(sequence, 0, 1_000 + sequence));
            assertTrue(right.connection.isOpen());
        }
        inject(new NewConnectionIdFrame(8, 0, 1_008));
        assertClosedBy(CloseReason.PROTOCOL_VIOLATION);

        connect();
        inject(new NewConnectionIdFrame(3, 0, 12_345));
        assertClosedBy(CloseReason.PROTOCOL_VIOLATION);
    }

    @Test
    void retiringAnIdThatWasNeverIssuedCloses() {
        inject(new RetireConnectionIdFrame(3));
        assertTrue(right.connection.isOpen());
        assertTrue(right.ids.contains(right.connection.localIds().bySequence(4).id()), "another was issued");
        assertEquals(4, right.ids.size());
        inject(new RetireConnectionIdFrame(5));
        assertClosedBy(CloseReason.PROTOCOL_VIOLATION);
    }

    @Test
    void otherKindsThanOrderedAreRefusedAndTheApplicationAnswersForTheRest() {
        inject(new OpenFrame(2, 1, 1, "calls"), new OpenFrame(4, 200, 1, "calls"), new OpenFrame(6, 0, 3, "calls"));
        assertEquals(
                List.of(new Output.OpenRequested(6, MessageClass.MESSAGES, 3, "calls")),
                right.outputs(Output.OpenRequested.class));
        assertFalse(right.connection.channels().isOpen(2));
        inject(new MessageFrame(6, 0, 0, 3, 0, Bytes.of(new byte[] {0, 'h', 'i'})));
        assertEquals(List.of(), right.received, "not open yet");
        right.connection.answerOpen(6, OpenedFrame.ACCEPTED, network.nanos());
        right.drain();
        inject(new MessageFrame(6, 1, 0, 3, 0, Bytes.of(new byte[] {0, 'h', 'i'})));
        assertEquals(List.of("hi"), right.received);
        inject(new OpenFrame(7, 0, 3, "calls"));
        assertClosedBy(CloseReason.PROTOCOL_VIOLATION);
    }

    @Test
    void aMessageOverAChannelThatWeAskedForSaysThatItWasAccepted() {
        right.connection.open(1, MessageClass.MESSAGES, 3, "calls", network.nanos());
        right.drain();
        inject(new MessageFrame(1, 0, 0, 3, 0, Bytes.of(new byte[] {0, 'h', 'i'})));
        assertEquals(
                List.of(new Output.OpenAnswered(1, OpenedFrame.ACCEPTED)), right.outputs(Output.OpenAnswered.class));
        assertEquals(List.of("hi"), right.received);
        inject(new OpenedFrame(1, OpenedFrame.ACCEPTED));
        assertEquals(1, right.count(Output.OpenAnswered.class), "told once");
    }

    @Test
    void aFloodOfQuestionsEndsInsteadOfGrowing() {
        for (int i = 0; i < 100_000 && right.connection.isOpen(); i++) {
            inject(new OpenFrame(2L * i + 2, 1, 1, "calls"));
        }
        assertEquals(
                CloseReason.PROTOCOL_VIOLATION,
                right.outputs(Output.Ending.class).get(0).reason());
    }

    @Test
    void pongsAreRateLimited() {
        network.runFor(Duration.ofSeconds(1));
        right.recording = true;
        for (int i = 0; i < 1_000; i++) {
            inject(new PingFrame(i));
        }
        final long bytes =
                right.sent.stream().mapToLong(packet -> packet.length).sum();
        assertTrue(bytes < 1_000L * 60, () -> bytes + " bytes for 1,000 PINGs");
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void authenticPacketsWithAnythingInThemNeverThrow(long seed) {
        Seeds.run(seed, s -> {
            final Random random = new Random(s);
            for (int i = 0; i < 40 && right.connection.isOpen(); i++) {
                final byte[] plain = new byte[3 + random.nextInt(200)];
                random.nextBytes(plain);
                for (int k = 0; k < plain.length; k += 1 + random.nextInt(20)) {
                    plain[k] = (byte) random.nextInt(random.nextBoolean() ? 15 : 40);
                }
                injectPlain(plain);
            }
            network.runFor(Duration.ofMinutes(3));
            assertEquals(1, right.count(Output.Ending.class));
            assertEquals(1, right.count(Output.Closed.class));
            assertEquals(1, left.count(Output.Closed.class));
            assertTrue(right.outputs.get(right.outputs.size() - 1) instanceof Output.Closed);
        });
    }
}
