package dev.cutlass.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Cutlass;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.ChannelClass;
import dev.cutlass.event.ChannelEnd;
import dev.cutlass.event.ChannelInfo;
import dev.cutlass.event.ChannelState;
import dev.cutlass.event.CloseReason;
import dev.cutlass.event.ConnectFailure;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.CutlassListener;
import dev.cutlass.event.Message;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TrustState;
import dev.cutlass.examples.feature.BulkAndChat;
import dev.cutlass.examples.feature.Channels;
import dev.cutlass.examples.feature.ComesBack;
import dev.cutlass.examples.feature.EchoBot;
import dev.cutlass.examples.feature.EventPrinter;
import dev.cutlass.examples.feature.Events;
import dev.cutlass.examples.feature.Exporter;
import dev.cutlass.examples.feature.PermissionsPerPeer;
import dev.cutlass.examples.feature.SendFiles;
import dev.cutlass.examples.feature.Stealth;
import dev.cutlass.examples.feature.Trust;
import dev.cutlass.examples.feature.TwoPeers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every small program as somebody would who tries it, and reads what it prints. */
final class FeatureProgramsTest {
    private static final Set<Class<?>> PROGRAMS = Set.of(
            TwoPeers.class,
            Trust.class,
            Events.class,
            ComesBack.class,
            Stealth.class,
            PermissionsPerPeer.class,
            EchoBot.class,
            Channels.class,
            BulkAndChat.class,
            SendFiles.class,
            Exporter.class);

    @TempDir
    private Path folder;

    private record SomeChannel(PeerId peer) implements ChannelInfo {
        @Override
        public String service() {
            return "org.example.sum";
        }

        @Override
        public ChannelClass channelClass() {
            return ChannelClass.MESSAGES;
        }

        @Override
        public long version() {
            return 0;
        }

        @Override
        public boolean byPeer() {
            return true;
        }

        @Override
        public ChannelState state() {
            return ChannelState.OPEN;
        }
    }

    private interface Body {
        void run() throws Exception;
    }

    /** The lines that a program prints, whichever thread does. */
    private static List<String> printed(Body program) throws Exception {
        final PrintStream before = System.out;
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** Those lines that begin so, in their order. */
    private static List<String> those(List<String> lines, String beginning) {
        return lines.stream().filter(line -> line.startsWith(beginning)).toList();
    }

    @Test
    void everyProgramOfThePackageIsTried() throws IOException {
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/dev/cutlass/examples/feature"))) {
            final Set<String> names = sources.map(
                            path -> path.getFileName().toString().replace(".java", ""))
                    .filter(name -> !name.equals("package-info") && !name.equals("EventPrinter"))
                    .collect(Collectors.toSet());
            assertEquals(PROGRAMS.stream().map(Class::getSimpleName).collect(Collectors.toSet()), names);
        }
    }

    @Test
    void twoPeersTalkBothWays() throws Exception {
        final List<String> lines = printed(() -> TwoPeers.main(new String[0]));
        assertEquals(List.of("right hears left: hello"), those(lines, "right hears"));
        assertEquals(List.of("left's message is DELIVERED", "left hears right: hello yourself"), those(lines, "left"));
        assertEquals(
                1, those(lines, "between them: XXhfs+psk3, X25519+ML-KEM-768").size(), lines::toString);
    }

    @Test
    void aStrangerIsAskedAboutAndLaterOnlyTheKnownAreAdmitted() throws Exception {
        assertEquals(
                List.of(
                        "right is asked about \"left\", and knows the fingerprint",
                        "left is now KNOWN",
                        "left is now VERIFIED",
                        "a stranger with the same nick: REFUSED",
                        "left dials again: CONNECTED"),
                printed(() -> Trust.main(new String[0])));
    }

    @Test
    void whatHappensIsTold() throws Exception {
        final List<String> lines = printed(() -> Events.main(new String[0]));
        final List<String> atLeft = those(lines, "left: ");
        assertTrue(atLeft.contains("left: connected with right, NEW"), lines::toString);
        assertTrue(atLeft.contains("left: dropped right: NORMAL"), lines::toString);
        assertTrue(atLeft.contains("left: connect failed: KEY_MISMATCH"), lines::toString);
        assertEquals(1, those(lines, "left: key mismatch: dialled ").size(), lines::toString);
        assertEquals(
                List.of(
                        "right: connected with left, NEW, who dialled",
                        "right: message from left: hello",
                        "right: nick changed: left is now links",
                        "right: dropped by links: NORMAL"),
                those(lines, "right: ").stream()
                        .filter(line -> !line.contains("address observed"))
                        .toList());
        assertEquals(List.of("the future failed, too: KEY_MISMATCH"), those(lines, "the future"));
    }

    @Test
    void theEventPrinterHasALineForEveryKindOfEvent() throws Exception {
        try (Identity key = Identity.generate()) {
            final PeerId peer = key.id();
            final InetSocketAddress address = new InetSocketAddress("192.0.2.1", 8365);
            final List<CutlassEvent> all = List.of(
                    new CutlassEvent.ConnectionRequested(peer, "n", true, address, true),
                    new CutlassEvent.Connected(peer, "n", TrustState.NEW, address, true),
                    new CutlassEvent.ConnectFailed(
                            Optional.empty(), "n", ConnectFailure.NO_ANSWER, "", Optional.of(Duration.ofSeconds(1))),
                    new CutlassEvent.Dropped(peer, "n", CloseReason.SHUTDOWN, "", true),
                    new CutlassEvent.TimedOut(peer, "n", Duration.ofSeconds(60)),
                    new CutlassEvent.PeerRestarted(peer, "n"),
                    new CutlassEvent.CloneSuspected(peer, "n"),
                    new CutlassEvent.KeyMismatch(peer, peer, "n"),
                    new CutlassEvent.NickClash(peer, "n", peer),
                    new CutlassEvent.NickChanged(peer, "m", "n"),
                    new CutlassEvent.AddressObserved(peer, address),
                    new CutlassEvent.MessageReceived(peer, "n", Message.text("hello")),
                    new CutlassEvent.ChannelOpened(peer, "n", new SomeChannel(peer)),
                    new CutlassEvent.ChannelMessageReceived(peer, "n", new SomeChannel(peer), Message.text("hello")),
                    new CutlassEvent.ChannelClosed(peer, "n", new SomeChannel(peer), ChannelEnd.UNKNOWN_SERVICE),
                    new CutlassEvent.FileOffered(peer, "n", "t", "a", 1, 1, false),
                    new CutlassEvent.FileRequested(peer, "n", "t", "a"),
                    new CutlassEvent.FileAccepted(peer, "n", "t", "a", false),
                    new CutlassEvent.FileRejected(peer, "n", "t", "a", false, TransferFailure.DECLINED),
                    new CutlassEvent.FileAborted(peer, "n", "t", "a", true, TransferFailure.NO_SPACE, "text"),
                    new CutlassEvent.FileSent(peer, "n", "t", "a", 1),
                    new CutlassEvent.FileReceived(peer, "n", "t", "a", 1, Optional.of(folder)),
                    new CutlassEvent.Failed(new IOException("disk")));
            assertEquals(
                    Arrays.stream(CutlassEvent.class.getDeclaredClasses())
                            .filter(Class::isRecord)
                            .collect(Collectors.toSet()),
                    all.stream().map(Object::getClass).collect(Collectors.toSet()),
                    "a new kind of event needs a line here and in EventPrinter");
            final EventPrinter printer = new EventPrinter("me");
            for (CutlassEvent event : all) {
                assertEquals(1, printed(() -> event.dispatchTo(printer)).size(), event::toString);
            }
        }
    }

    @Test
    void whatIsSaidToWhoIsAwayArrivesWhenItIsBack() throws Exception {
        final List<String> lines = printed(() -> ComesBack.main(new String[0]));
        assertEquals(
                List.of("right hears before", "right hears one", "right hears two", "right hears three"),
                those(lines, "right hears"));
        assertTrue(lines.contains("left: 3 messages wait, the first is QUEUED"), lines::toString);
        assertTrue(lines.contains("left: right went away, SHUTDOWN"), lines::toString);
        assertTrue(lines.contains("left: all delivered to right"), lines::toString);
    }

    @Test
    void aStealthPeerIsThereOnlyForWhoKnowsItsKey() throws Exception {
        assertEquals(
                List.of(
                        "a scanner gets an answer: false",
                        "dropped in silence: 1",
                        "who does not know the key: NO_ANSWER",
                        "the address ends in ?stealth: true",
                        "who knows the key: XKhfs+psk3"),
                printed(() -> Stealth.main(new String[0])));
    }

    @Test
    void aServiceHasAChannelOfItsOwn() throws Exception {
        assertEquals(
                List.of("the sum is 10", "another service: NO_SUCH_CHANNEL"),
                printed(() -> Channels.main(new String[0])));
    }

    @Test
    void bulkWaitsForRoomAndChatDoesNotWaitForBulk() throws Exception {
        assertEquals(
                List.of(
                        "heard beside the transfer: still there?",
                        "all 1000 pieces arrived",
                        "it waited for room: true"),
                printed(() -> BulkAndChat.main(new String[0])));
    }

    @Test
    void filesGoToAPeerAndComeFromIt() throws Exception {
        assertEquals(
                List.of(
                        "right has letter.txt: dear right",
                        "right shares list.txt, 11 bytes",
                        "left has list.txt: bread, salt"),
                printed(() -> SendFiles.main(new String[] {folder.toString()})));
    }

    @Test
    void aPeerMayDoWhatItWasPermittedTo() throws Exception {
        assertEquals(
                List.of("may connect only: NOT_PERMITTED", "may speak, too: DELIVERED", "left is thrown out: REFUSED"),
                printed(() -> PermissionsPerPeer.main(new String[0])));
    }

    @Test
    void bothEndsDeriveTheSameKey() throws Exception {
        assertEquals(
                List.of(
                        "both ends have the same key: true",
                        "another label gives another: true",
                        "right accepts left's token: true"),
                printed(() -> Exporter.main(new String[0])));
    }

    private Program java(Class<?> program, String... arguments) throws IOException {
        return Program.start(Stream.concat(
                        Stream.of(
                                "env",
                                "CUTLASS_PASSPHRASE=correct horse",
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                program.getName()),
                        Stream.of(arguments))
                .toList());
    }

    @Test
    void theBotAnswersWithoutAnybodyAndLeavesInOrderWhenItIsEnded() throws Exception {
        final int port = Program.freePort();
        final CompletableFuture<String> answer = new CompletableFuture<>();
        final CompletableFuture<CloseReason> end = new CompletableFuture<>();
        try (Program bot = java(EchoBot.class, folder.resolve("bot").toString(), String.valueOf(port));
                Identity self = Identity.generate();
                Cutlass cutlass = Cutlass.builder()
                        .identity(self)
                        .port(0)
                        .onMessage((peer, message) -> answer.complete(message.text()))
                        .listener(new CutlassListener() {
                            @Override
                            public void onDropped(CutlassEvent.Dropped event) {
                                end.complete(event.reason());
                            }
                        })
                        .start()) {
            bot.out().await(("listening on UDP port " + port)::equals);
            final String address = bot.out().all().get(0) + "@127.0.0.1:" + port;
            final Peer peer = cutlass.connect(PeerAddress.parse(address)).join();
            peer.send("anybody?").join();
            assertEquals("anybody?", answer.get(Program.PATIENCE_SECONDS, TimeUnit.SECONDS));
            bot.terminate();
            assertEquals(CloseReason.SHUTDOWN, end.get(Program.PATIENCE_SECONDS, TimeUnit.SECONDS));
            bot.exitCode();
        }
    }

    @Test
    void helloIsHeardAndTheProgramEnds() throws Exception {
        final CompletableFuture<String> heard = new CompletableFuture<>();
        try (Identity self = Identity.generate();
                Cutlass cutlass = Cutlass.builder()
                        .identity(self)
                        .anyPort()
                        .bind(InetAddress.getLoopbackAddress())
                        .onMessage((peer, message) -> heard.complete(peer.nick() + ": " + message.text()))
                        .start();
                Program hello = java(
                        Hello.class,
                        folder.resolve("hello").toString(),
                        self.id().text() + "@127.0.0.1:" + cutlass.localPort())) {
            assertEquals(0, hello.exitCode(), hello::toString);
            assertEquals("left: hello", heard.get(Program.PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void helloSaysHowItIsUsed() throws Exception {
        try (Program hello = java(Hello.class)) {
            assertEquals(Main.USAGE, hello.exitCode(), hello::toString);
            hello.err().await(line -> line.startsWith("usage:"));
        }
    }
}
