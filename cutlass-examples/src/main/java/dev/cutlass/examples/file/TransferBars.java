package dev.cutlass.examples.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.cutlass.Transfer;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** A bar a transfer at the bottom of a terminal, above them what is over. ECMA-48 sequences that every terminal has. */
final class TransferBars implements TransferView {
    /** More would not fit into a small window, and what has scrolled away cannot be painted over. */
    private static final int MAX_BARS = 12;

    private static final long REPAINT_NANOS = 100_000_000;

    private static final String ERASE_BELOW = "\r\u001b[J";

    /** A bar that is wider than the window is cut: a second line would be one too many to go back over. */
    private static final String NO_WRAP = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private final PrintStream err;

    @GuardedBy("this")
    private final Map<Transfer, String> running = new LinkedHashMap<>();

    @GuardedBy("this")
    private int painted;

    @GuardedBy("this")
    private long paintedAt = System.nanoTime() - REPAINT_NANOS;

    @GuardedBy("this")
    private boolean held;

    @GuardedBy("this")
    private boolean closed;

    TransferBars(PrintStream err) {
        this.err = err;
    }

    @Override
    public synchronized void changed(Transfer transfer, String peer) {
        if (closed || transfer.state().isOver()) {
            return;
        }
        final boolean isNew = running.put(transfer, peer) == null;
        if (isNew || System.nanoTime() - paintedAt >= REPAINT_NANOS) {
            paint("");
        }
    }

    @Override
    public synchronized void over(Transfer transfer, String text) {
        running.remove(transfer);
        say(text);
    }

    @Override
    public synchronized void say(String text) {
        if (!closed) {
            paint(text + "\n");
        }
    }

    @Override
    public synchronized void ask(String question) {
        held = true;
        if (!closed) {
            paint(question + " ");
        }
    }

    @Override
    public synchronized void answered() {
        held = false;
        if (!closed) {
            paint("");
        }
    }

    @GuardedBy("this")
    private void paint(String above) {
        final StringBuilder text = new StringBuilder();
        if (painted > 0) {
            text.append("\u001b[").append(painted).append('A').append(ERASE_BELOW);
        }
        text.append(above);
        painted = 0;
        if (!held && !running.isEmpty()) {
            text.append(NO_WRAP);
            for (Map.Entry<Transfer, String> each : running.entrySet()) {
                if (painted == MAX_BARS) {
                    text.append("and ").append(running.size() - painted).append(" more\n");
                    painted++;
                    break;
                }
                text.append(TransferText.bar(each.getKey(), each.getValue())).append('\n');
                painted++;
            }
            text.append(WRAP);
        }
        paintedAt = System.nanoTime();
        err.print(text);
        err.flush();
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
