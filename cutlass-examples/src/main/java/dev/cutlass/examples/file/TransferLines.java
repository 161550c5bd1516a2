package dev.cutlass.examples.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.cutlass.Transfer;
import dev.cutlass.event.TransferState;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;

/** One line a change of state, for logs and scripts. */
final class TransferLines implements TransferView {
    private final PrintStream err;

    @GuardedBy("this")
    private final Map<Transfer, TransferState> shown = new HashMap<>();

    @GuardedBy("this")
    private boolean closed;

    TransferLines(PrintStream err) {
        this.err = err;
    }

    @Override
    public synchronized void changed(Transfer transfer, String peer) {
        final TransferState state = transfer.state();
        if (!closed && !state.isOver() && shown.put(transfer, state) != state) {
            err.println(TransferText.title(transfer, peer) + ": " + TransferText.state(transfer));
        }
    }

    @Override
    public synchronized void over(Transfer transfer, String text) {
        shown.remove(transfer);
        say(text);
    }

    @Override
    public synchronized void say(String text) {
        if (!closed) {
            err.println(text);
        }
    }

    @Override
    public void ask(String question) {
        say(question);
    }

    @Override
    public void answered() {
        // nothing was held back
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
