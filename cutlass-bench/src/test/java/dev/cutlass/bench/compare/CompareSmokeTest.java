package dev.cutlass.bench.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.bench.LinkModel;
import dev.cutlass.bench.UdpLink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every contender still does what is measured, in two processes as in the comparison: dozens of JVMs, so only in the profile {@code long}. Numbers are for docs/performance.md, by
 * hand.
 */
@Tag("long")
class CompareSmokeTest {
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(20);

    /** All but those that are another with other sizes of packets. */
    static List<String> names() {
        return Contenders.names().stream()
                .filter(name -> !name.startsWith("direct-"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void contenderDeliversEveryMessageAndAnswers(String name) throws Exception {
        try (ContenderPair pair = ContenderPair.start(name)) {
            for (int length : new int[] {64, 1_200, 16_384, 60_000}) {
                assertTrue(pair.flood(length, MOMENT).messages() > 0);
            }
            final long[] quantiles = pair.roundTrips(MOMENT);
            assertTrue(quantiles[0] > 0 && quantiles[0] <= quantiles[1] && quantiles[1] <= quantiles[2]);
            assertTrue(pair.cpuNanos() > 0);
            if (pair.connects()) {
                assertTrue(pair.connections(MOMENT).messages() > 0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cutlass", "netty-quic", "kwik"})
    void contenderOverUdpDeliversOverALinkThatLosesAndConnectsAnew(String name) throws Exception {
        final UdpContender contender = (UdpContender) Contenders.named(name);
        try (ContenderPair pair = ContenderPair.startApart(name)) {
            final InetSocketAddress server =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), contender.port(pair.address()));
            for (int i = 0; i < 2; i++) {
                try (UdpLink link = UdpLink.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        server,
                        LinkModel.Conditions.of(100_000_000, 20, 0.01),
                        i)) {
                    pair.connect(contender.at(pair.address(), link.port()));
                    final Contender.Rate rate = pair.flood(60_000, MOMENT);
                    assertTrue(rate.messages() > 0);
                    assertTrue(rate.nanos() > TimeUnit.MILLISECONDS.toNanos(20), "it went over the link");
                }
            }
        }
    }

    @Test
    void linkHasNoPlaceForWhatDoesNotRunOverOneUdpPort() {
        assertThrows(IllegalArgumentException.class, () -> LinkBench.run(List.of("--only=tls"), true));
        assertThrows(IllegalArgumentException.class, () -> LinkBench.run(List.of("--none=1"), true));
    }

    @Test
    void streamIsCutIntoTheMessagesThatWentIn() {
        final byte[] stream = {0, 0, 0, 2, 7, 8, 0, 0, 0, 1, 9};
        for (int cut = 0; cut <= stream.length; cut++) {
            final List<byte[]> messages = new ArrayList<>();
            final Frames frames = new Frames();
            frames.take(stream, 0, cut, messages::add);
            frames.take(stream, cut, stream.length - cut, messages::add);
            assertEquals(2, messages.size());
            assertArrayEquals(new byte[] {7, 8}, messages.get(0));
            assertArrayEquals(new byte[] {9}, messages.get(1));
        }
    }

    @Test
    void lostMessagesAreNoRate() {
        assertThrows(IllegalStateException.class, () -> Sink.checkAll(2, 1));
    }

    @Test
    void unknownContendersAreNamedTogetherWithTheKnown() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Contenders.named("none"))
                .getMessage()
                .contains("jeromq"));
    }

    /** All but scp, which is not installed everywhere, and those that are another with other sizes of packets or another cipher. */
    static List<String> fileNames() {
        return FileContenders.names().stream()
                .filter(name -> !name.contains("-1400") && !name.startsWith("scp"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("fileNames")
    void fileArrivesWithAllContenders(String name, @TempDir Path folder) throws Exception {
        final Path file = folder.resolve("small.bin");
        final byte[] content = new byte[200_000];
        new Random(3).nextBytes(content);
        Files.write(file, content);
        final Path in = Files.createDirectory(folder.resolve("in"));
        final FileContender contender = FileContenders.named(name);
        try (FileContender.Receiver receiver = contender.receive(in);
                FileContender.Sender sender = contender.connect(receiver.address())) {
            final Path large = Files.move(file, folder.resolve("large.bin"));
            final long start = System.nanoTime();
            sender.send(large);
            assertArrayEquals(content, Files.readAllBytes(in.resolve("large.bin")));
            sender.send(Files.copy(large, file));
            assertTrue(receiver.firstByteAt() - start > 0, "the first byte was noticed");
        }
    }

    @Test
    void sizesHaveLetters() {
        assertEquals(1L << 30, FilesBench.size("1g"));
        assertEquals(3L << 20, FilesBench.size("3M"));
        assertEquals(17, FilesBench.size("17"));
    }
}
