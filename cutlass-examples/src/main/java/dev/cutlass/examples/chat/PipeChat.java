package dev.cutlass.examples.chat;

import dev.cutlass.PeerAddress;
import dev.cutlass.event.Message;
import dev.cutlass.examples.Console;
import dev.cutlass.examples.Main;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The chat of a script: lines in, {@code nick: text} out, notices on standard error. {@link #run} on one thread, the rest on any. */
final class PipeChat implements ChatView {
    /** Lines that may be on their way at the same time; reading goes on when some of them have arrived. */
    private static final int MAX_OPEN = 1_000;

    /** One character more than any message may have bytes, so that a line of any length needs bounded memory. */
    private static final int MAX_LINE = Message.MAX_LENGTH + 1;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean exact;
    private boolean allSaid = true;

    /** @param exact whether to print texts as they came; else so that they are harmless for a terminal */
    PipeChat(InputStream in, PrintStream out, PrintStream err, boolean exact) {
        this.in = new BufferedInputStream(in);
        this.out = out;
        this.err = err;
        this.exact = exact;
    }

    /**
     * Sends all lines and waits for their receipts.
     *
     * @param arrivals gets a permit when a peer is connected
     * @return the exit code
     */
    int run(ChatRoom room, List<PeerAddress> addresses, Semaphore arrivals, int waitSeconds) throws IOException {
        notice("you are " + room.cutlass().id().fingerprint() + ", " + room.where());
        final List<CompletableFuture<Boolean>> dials = new ArrayList<>();
        for (PeerAddress address : addresses) {
            dials.add(room.connect(address));
        }
        try {
            boolean connected = true;
            for (CompletableFuture<Boolean> dial : dials) {
                connected &= dial.join();
            }
            if (!connected && room.connected().isEmpty()) {
                return Main.FAILED; // the reasons are on standard error already
            }
            sendLines(room, arrivals, waitSeconds);
            if (!room.tally().awaitFewerThan(1, waitSeconds)) {
                warning("no receipt after " + waitSeconds + " s for "
                        + Console.count(room.tally().open(), "message"));
                return Main.FAILED;
            }
            return connected && allSaid && room.tally().failed() == 0 ? Main.OK : Main.FAILED;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Main.FAILED;
        }
    }

    private void sendLines(ChatRoom room, Semaphore arrivals, int waitSeconds)
            throws IOException, InterruptedException {
        long number = 0;
        for (byte[] line; (line = readLine()) != null; ) {
            number++;
            final String text = text(line, number);
            if (text == null) {
                allSaid = false;
                continue;
            }
            room.tally().awaitFewerThan(MAX_OPEN, Long.MAX_VALUE >> 32);
            if (!sayToSomebody(room, text, arrivals, waitSeconds)) {
                warning("line " + number + ": nobody is connected; nothing more is sent");
                allSaid = false;
                return;
            }
        }
    }

    /** The first lines may be there before the first peer is: they wait for it while input may still come, and so long after it. */
    private boolean sayToSomebody(ChatRoom room, String text, Semaphore arrivals, int waitSeconds)
            throws IOException, InterruptedException {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
        while (!room.say(text)) {
            if (!arrivals.tryAcquire(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
        return true;
    }

    /** The next line without its end, null after the last. What is longer than {@link #MAX_LINE} is cut there: it is too long anyway. */
    private byte @Nullable [] readLine() throws IOException {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            if (line.size() < MAX_LINE) {
                line.write(next);
            }
            next = in.read();
        }
        return line.toByteArray();
    }

    private @Nullable String text(byte[] line, long number) {
        int length = line.length;
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        if (length > Message.MAX_LENGTH) {
            warning("line " + number + " is too long, a message has at most " + Message.MAX_LENGTH
                    + " bytes: not sent");
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, 0, length))
                    .toString();
        } catch (CharacterCodingException invalid) {
            warning("line " + number + " is not UTF-8 text: not sent");
            return null;
        }
    }

    @Override
    public void message(String nick, String text) {
        out.println(nick + ": " + (exact ? text : Console.harmless(text)));
    }

    @Override
    public void notice(String text) {
        err.println("* " + text);
    }

    @Override
    public void warning(String text) {
        err.println("! " + text);
    }

    @Override
    public void delivered(String nick, String text, long millis) {
        // The exit code says it for all lines together.
    }

    @Override
    public void failed(String nick, String text, String why) {
        warning("not delivered to " + nick + " (" + why + "): " + ChatRoom.excerpt(text));
    }
}
