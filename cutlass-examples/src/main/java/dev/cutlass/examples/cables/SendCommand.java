package dev.cutlass.examples.cables;

import dev.cutlass.cables.CablesHome;
import dev.cutlass.cables.MailRefused;
import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.examples.CommandFailure;
import dev.cutlass.examples.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cutlass cables send}: takes a mail from standard input, as sendmail does. */
@Command(
        name = "send",
        description = "Takes a mail (RFC 5322) from standard input and queues it for all in To, Cc and Bcc.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = SysExits.USAGE,
        footer = {
            "",
            "Works whether or not the node runs. Prints id and recipient of each message.",
            "Exit code as sendmail's: 0 queued for all; else for nobody: 64 command line,",
            "65 sender or mail is wrong, 67 a recipient is none of the cables network,",
            "69 too long, 74 disk, 75 queues are away (try again), 78 home or settings."
        })
final class SendCommand implements Callable<Integer> {
    /** Bytes; the home's own limit is looked at later. */
    private static final int MOST = 1 << 30;

    @Mixin
    private final HomeOption home = new HomeOption();

    @Option(
            names = "--queues",
            paramLabel = "DIR",
            description = "Where queue and rqueue are (default: as run has it).")
    private @Nullable Path queues;

    @Override
    public Integer call() throws CommandFailure {
        final CablesHome opened = home.open(queues);
        try {
            final byte[] mail = System.in.readNBytes(MOST);
            final Map<MessageId, CablesAddress> sent = opened.send(mail);
            sent.forEach((id, to) -> Console.out().println(id + " " + to));
            if (sent.isEmpty()) {
                Console.err().println("cutlass: the mail names no recipients: nothing was sent");
            }
            return SysExits.OK;
        } catch (MailRefused e) {
            final int code = switch (e.reason()) {
                case SENDER -> SysExits.DATAERR;
                case RECIPIENT -> SysExits.NOUSER;
                case TOO_LONG -> SysExits.UNAVAILABLE;
            };
            throw new CommandFailure(String.valueOf(e.getMessage()), code);
        } catch (IOException e) {
            throw new CommandFailure(
                    e.getMessage() == null ? e.toString() : e.getMessage(),
                    isAway(opened) ? SysExits.TEMPFAIL : SysExits.IOERR);
        }
    }

    private static boolean isAway(CablesHome home) {
        try {
            return home.isAway();
        } catch (IOException e) {
            return false; // the disk, then
        }
    }
}
