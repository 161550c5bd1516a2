package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Peer;
import dev.cutlass.event.Message;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How a program that embeds Cutlass is tested with this module: real engines, a simulated network, virtual time. Minutes pass in
 * milliseconds, a bad network is one line, and a failure says the seed that repeats it. No ports, no sleeping, nothing flaky.
 */
final class EchoBotTest {
    /** The program under test. */
    private static final class EchoBot {
        static void echo(Peer peer, Message message) {
            peer.send(message);
        }
    }

    @RegisterExtension
    final CutlassPeers peers = CutlassPeers.simulated("caller")
            .over(network -> network.loss(0.2).duplicate(0.05).delayMillis(20, 80));

    private TestPeer caller;
    private TestPeer bot;

    /** The handler under test gets into an engine of the test through the same builder that the program uses. */
    @BeforeEach
    void startTheBot() {
        caller = peers.get("caller");
        bot = peers.network().peer("bot", builder -> builder.onMessage(EchoBot::echo));
        caller.connect(bot);
    }

    @Test
    void everythingComesBackInOrder() {
        final List<String> lines =
                IntStream.range(0, 20).mapToObj(i -> "line " + i).toList();
        lines.forEach(caller.peer(bot)::send);
        assertTrue(peers.network().runUntil(() -> caller.texts(bot).equals(lines), Duration.ofMinutes(5)));
    }

    @Test
    void whatIsSaidWhileTheBotIsDownIsAnsweredWhenItIsBack() {
        bot.crash(); // as if its machine had lost power: nobody is told
        caller.peer(bot).send("still there?");
        peers.network().runFor(Duration.ofMinutes(10));
        assertEquals(List.of(), caller.texts(bot));
        bot.restart();
        assertTrue(peers.network()
                .runUntil(() -> caller.texts(bot).equals(List.of("still there?")), Duration.ofMinutes(10)));
    }
}
