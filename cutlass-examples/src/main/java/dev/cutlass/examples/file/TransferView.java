package dev.cutlass.examples.file;

import dev.cutlass.Transfer;

/** Shows transfers to whoever follows them. Any thread, several at the same time. */
interface TransferView extends AutoCloseable {
    /** State or progress of a transfer that is not over is another now. */
    void changed(Transfer transfer, String peer);

    /** It is over; nothing more comes of it. */
    void over(Transfer transfer, String text);

    /** Something else to tell. */
    void say(String text);

    /** Asks a person something who answers on standard input; until {@link #answered} nothing else moves. */
    void ask(String question);

    void answered();

    /** Shows nothing more. */
    @Override
    void close();
}
