package dev.cutlass.testkit;

import static dev.cutlass.testkit.FileTransferTest.acceptAll;
import static dev.cutlass.testkit.FileTransferTest.complete;
import static dev.cutlass.testkit.FileTransferTest.content;
import static dev.cutlass.testkit.FileTransferTest.noneLeft;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.FileSettings;
import dev.cutlass.Peer;
import dev.cutlass.Transfer;
import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.TransferState;
import dev.cutlass.spi.FileSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many transfers run at once, which of them, and what the rest does. */
final class FileTurnsTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    /** Of {@code docs/files.md} section 8: told to a peer and not over. */
    private static final int MAX_TOLD = 32;

    @TempDir
    Path temp;

    private static long running(TestPeer peer, TestPeer from) {
        return peer.cutlass().files().all().stream()
                .filter(one -> one.peer().equals(from.id()) && one.state() == TransferState.RUNNING)
                .count();
    }

    private static long in(TransferState state, List<Transfer> transfers) {
        return transfers.stream().filter(one -> one.state() == state).count();
    }

    private static Transfer named(TestPeer peer, String name) {
        return peer.cutlass().files().all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Transfer> send(TestPeer from, Peer to, String name, int count, int length) {
        final List<Transfer> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(from.cutlass().files().send(to, name + i, FileSource.of(content(length, name.hashCode() + i))));
        }
        return sent;
    }

    @Test
    void noMoreThanTheSettingsAllowRunAtOnceOfOnePeerAndInAll() {
        try (TestNetwork network = TestNetwork.simulated(1)) {
            network.conditions().delayMillis(10, 10).rate(8_000_000, 100_000);
            final TestPeer one = network.peer("one");
            final TestPeer two = network.peer("two");
            final TestPeer right = network.peer(
                    "right", builder -> builder.files(acceptAll(temp).atOnce(3, 2)));
            final List<Transfer> sent = new ArrayList<>(send(one, one.connect(right), "x", 5, 800_000));
            sent.addAll(send(two, two.connect(right), "y", 5, 800_000));
            final long[] most = new long[3];
            final boolean[] queued = new boolean[1];
            assertTrue(network.runUntil(
                    () -> {
                        most[0] = Math.max(most[0], running(right, one));
                        most[1] = Math.max(most[1], running(right, two));
                        most[2] = Math.max(most[2], running(right, one) + running(right, two));
                        queued[0] |= right.cutlass().files().all().stream()
                                .anyMatch(each -> each.state() == TransferState.QUEUED);
                        return sent.stream().allMatch(each -> each.state().isOver());
                    },
                    LONG));
            assertEquals(List.of(2L, 2L, 3L), List.of(most[0], most[1], most[2]));
            assertTrue(queued[0], "the rest waits");
            sent.forEach(each -> assertEquals(TransferState.COMPLETE, each.state()));
            noneLeft(temp);
        }
    }

    @Test
    void whatIsMoreUrgentTakesTheTurnOfWhatRunsAndThatGoesOnAfterwards() {
        try (TestNetwork network = TestNetwork.simulated(2)) {
            network.conditions().delayMillis(10, 10).rate(8_000_000, 100_000);
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer(
                    "right", builder -> builder.files(acceptAll(temp).atOnce(1, 1)));
            final List<Transfer> sent = send(left, left.connect(right), "x", 3, 3_000_000);
            assertTrue(network.runUntil(() -> sent.get(0).progress().present() > 1_000_000, LONG));
            assertEquals(TransferState.RUNNING, named(right, "x0").state());
            assertEquals(TransferState.QUEUED, named(right, "x1").state());
            assertEquals(TransferState.QUEUED, named(right, "x2").state());
            named(right, "x2").priority(9);
            assertEquals(TransferState.QUEUED, named(right, "x0").state());
            final long before = named(right, "x0").progress().present();
            assertTrue(network.runUntil(() -> sent.get(2).state().isOver(), LONG));
            assertTrue(
                    named(right, "x0").progress().present() <= before + 2_000_000, "what was asked for came, no more");
            complete(network, sent.get(0));
            assertTrue(!sent.get(1).state().isOver(), "the earlier one comes first");
            complete(network, sent.get(1));
            assertEquals(0, named(right, "x0").progress().wrongBlocks());
        }
    }

    @Test
    void whoOffersMuchTellsALimitedNumberAndTheRestWhenThereIsRoom() {
        try (TestNetwork network = TestNetwork.simulated(3)) {
            network.conditions().delayMillis(5, 5);
            final TestPeer left = network.peer("left");
            final TestPeer right = network.peer(
                    "right",
                    builder -> builder.files(FileSettings.into(temp).policy(FilePolicy.ASK))
                            .onFileOffer(offer -> {
                                if (offer.name().equals("later0")) {
                                    offer.accept();
                                }
                            }));
            final Peer other = left.connect(right);
            final List<Transfer> undecided = send(left, other, "x", MAX_TOLD + 2, 100);
            network.runFor(Duration.ofSeconds(5));
            assertEquals(MAX_TOLD, in(TransferState.OFFERED, undecided));
            assertEquals(2, in(TransferState.QUEUED, undecided));
            final TestPeer third = network.peer("third");
            complete(network, send(third, third.connect(right), "later", 1, 90).get(0));
            undecided.get(1).cancel();
            network.runFor(Duration.ofSeconds(5));
            assertEquals(MAX_TOLD, in(TransferState.OFFERED, undecided));
            assertEquals(1, in(TransferState.QUEUED, undecided));
        }
    }

    @Test
    void whoseHolderIsAwayTakesNoTurn() {
        try (TestNetwork network = TestNetwork.simulated(4)) {
            network.conditions().delayMillis(10, 10).rate(8_000_000, 100_000);
            final TestPeer one = network.peer(
                    "one", builder -> builder.quiet(Duration.ofSeconds(2)).idle(Duration.ofSeconds(8)));
            final TestPeer two = network.peer("two");
            final TestPeer right = network.peer(
                    "right",
                    builder -> builder.quiet(Duration.ofSeconds(2))
                            .idle(Duration.ofSeconds(8))
                            .files(acceptAll(temp).atOnce(1, 1)));
            final Transfer first =
                    send(one, one.connect(right), "x", 1, 3_000_000).get(0);
            assertTrue(network.runUntil(() -> first.progress().present() > 1_000_000, LONG));
            final Transfer second =
                    send(two, two.connect(right), "y", 1, 3_000_000).get(0);
            network.runFor(Duration.ofMillis(200));
            assertEquals(TransferState.QUEUED, named(right, "y0").state());
            final var partition = network.conditions().isolate(one.host());
            complete(network, second);
            assertEquals(TransferState.AWAY, named(right, "x0").state());
            partition.heal();
            one.connect(right);
            complete(network, first);
        }
    }
}
