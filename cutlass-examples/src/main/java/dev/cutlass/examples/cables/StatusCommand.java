package dev.cutlass.examples.cables;

import dev.cutlass.cables.CablesHome;
import dev.cutlass.cables.MessageStatus;
import dev.cutlass.examples.CommandFailure;
import dev.cutlass.examples.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cutlass cables status}: every message that is not over, with its state in words. */
@Command(
        name = "status",
        description = "Shows whether the node runs, and every message that is not over.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = SysExits.USAGE,
        footer = {"", "A line for each message: id, \"to\" or \"from\", address, age, state."})
final class StatusCommand implements Callable<Integer> {
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
            final String runner = opened.runner();
            Console.out().println(runner == null ? "no node runs here" : "running: " + runner);
            if (opened.isAway()) {
                Console.out().println("the queues are away");
            }
            final List<MessageStatus> messages = opened.status();
            final Instant now = Instant.now();
            for (MessageStatus message : messages) {
                Console.out()
                        .println(message.id() + (message.isOurs() ? " to " : " from ")
                                + (message.peer() == null ? "nobody" : message.peer()) + " " + age(message, now)
                                + " " + message.state());
            }
            return SysExits.OK;
        } catch (IOException e) {
            throw new CommandFailure(e.toString(), SysExits.IOERR);
        }
    }

    private static String age(MessageStatus message, Instant now) {
        final Duration age = Duration.between(message.begun(), now);
        return age.toDays() > 0
                ? age.toDays() + "d"
                : age.toHours() > 0
                        ? age.toHours() + "h"
                        : age.toMinutes() > 0 ? age.toMinutes() + "m" : Math.max(0, age.toSeconds()) + "s";
    }
}
