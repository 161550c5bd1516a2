package dev.cutlass.examples.file;

import dev.cutlass.Transfer;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.event.TransferProgress;
import dev.cutlass.event.TransferState;
import dev.cutlass.examples.Console;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Transfers in words. */
public final class TransferText {
    private static final int BAR = 20;
    private static final int NAME = 28;
    private static final int HUNDRED = 100;
    private static final String[] UNITS = {"kB", "MB", "GB", "TB"};

    private TransferText() {}

    /** What a peer is called: its nick, else how its fingerprint begins. */
    public static String peer(PeerId id, String nick) {
        final String harmless = Console.harmless(nick).strip();
        return harmless.isEmpty() ? shortPrint(id) : harmless;
    }

    static String shortPrint(PeerId id) {
        final String print = id.fingerprint();
        final int end = print.indexOf(' ');
        return end < 0 ? print : print.substring(0, end);
    }

    /** "report.pdf to left". */
    public static String title(Transfer transfer, String peer) {
        return Console.harmless(transfer.name()) + (transfer.outgoing() ? " to " : " from ") + peer;
    }

    /** How it is now, of one that is not over. */
    public static String state(Transfer transfer) {
        final TransferProgress progress = transfer.progress();
        return switch (transfer.state()) {
            case DECIDING -> "waits for a decision";
            case QUEUED -> "queued";
            case HASHING -> "hashing";
            case OFFERED -> "offered";
            case RUNNING ->
                "running"
                        + (progress.present() > 0
                                ? ", " + amount(progress) + " there"
                                : ", " + bytes(progress.total()));
            case PAUSED -> "paused at " + amount(progress);
            case AWAY -> "nobody who has it is connected; goes on by itself";
            case FINISHING -> "finishing";
            case COMPLETE -> "complete";
            case FAILED ->
                "failed" + transfer.failure().map(why -> ": " + reason(why)).orElse("");
        };
    }

    private static String amount(TransferProgress progress) {
        return bytes(progress.present()) + " of " + bytes(progress.total());
    }

    /** What became of it. */
    public static String complete(Transfer transfer, String peer, Optional<Path> path) {
        final TransferProgress progress = transfer.progress();
        return title(transfer, peer) + ": complete, " + bytes(progress.total())
                + (progress.files() > 1 ? " in " + Console.count(progress.files(), "file") : "")
                + path.map(there -> ", is " + there).orElse("")
                + (progress.wrongBlocks() > 0
                        ? ", " + Console.count(progress.wrongBlocks(), "wrong block") + " came again"
                        : "");
    }

    /** One line with a bar, percent, rate and time left. */
    public static String bar(Transfer transfer, String peer) {
        final TransferProgress progress = transfer.progress();
        final boolean moves = transfer.state() == TransferState.RUNNING || transfer.state() == TransferState.HASHING;
        final int percent = percent(progress);
        final int full = percent * BAR / HUNDRED;
        final StringBuilder line = new StringBuilder();
        line.append(cut(title(transfer, peer)))
                .append(" [")
                .append("#".repeat(full))
                .append(" ".repeat(BAR - full))
                .append(String.format(Locale.ROOT, "] %3d %% ", percent));
        if (!moves) {
            return line.append(state(transfer)).toString();
        }
        if (transfer.state() == TransferState.HASHING) {
            line.append("hashing ");
        }
        line.append(bytes(progress.bytesPerSecond())).append("/s");
        progress.left().ifPresent(left -> line.append(", ").append(time(left)).append(" left"));
        return line.toString();
    }

    static int percent(TransferProgress progress) {
        if (progress.total() <= 0) {
            return 0;
        }
        return (int) Math.min(HUNDRED, (double) progress.present() / progress.total() * HUNDRED);
    }

    private static String cut(String title) {
        return title.length() <= NAME
                ? title + " ".repeat(NAME - title.length())
                : title.substring(0, NAME - 1) + "\u2026";
    }

    /** "12.3 MB": 1 MB is 10^6 bytes. */
    public static String bytes(long count) {
        if (count < 1_000) {
            return Console.count(count, "byte");
        }
        double value = count / 1e3;
        int unit = 0;
        while (value >= 999.95 && unit < UNITS.length - 1) {
            value /= 1e3;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** "1:02:03", "2:03", "3 s". */
    static String time(Duration left) {
        if (left.toMinutes() == 0) {
            return left.toSeconds() + " s";
        }
        return left.toHours() == 0
                ? String.format(Locale.ROOT, "%d:%02d", left.toMinutes(), left.toSecondsPart())
                : String.format(
                        Locale.ROOT, "%d:%02d:%02d", left.toHours(), left.toMinutesPart(), left.toSecondsPart());
    }

    /** Why not, and what can be done. */
    public static String reason(TransferFailure failure) {
        return switch (failure) {
            case NOT_FOUND -> "the other side shares nothing of this name with you";
            case NOT_PERMITTED -> "the other side does not permit you files";
            case DECLINED -> "declined";
            case BUSY -> "the other side has too much to do; try later";
            case TOO_LARGE -> "too large for the receiving side";
            case BAD_NAME -> "the name cannot be used safely for a file";
            case CHANGED -> "the file was changed meanwhile; send it again";
            case READ_FAILED -> "the sending side cannot read it";
            case WRITE_FAILED -> "the receiving side cannot write it: check its folder and permissions";
            case NO_SPACE -> "the receiving side's disk is full; what is there stays, the same command goes on";
            case CANCELLED -> "cancelled";
            case EXPIRED -> "nothing moved for too long; the same command goes on";
            case WRONG_DATA -> "what came was not what was offered";
            case EXISTS -> "something has this name already";
            case BAD_REQUEST -> "the request made no sense to the other side";
            case PAUSED -> "the sending side holds it back";
            case OTHER -> "for a reason that this version does not know";
            case NOT_SUPPORTED -> "the other side takes no files now";
            case CLOSED -> "this program ended";
        };
    }
}
