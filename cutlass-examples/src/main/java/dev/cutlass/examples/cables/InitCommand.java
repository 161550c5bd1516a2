package dev.cutlass.examples.cables;

import dev.cutlass.cables.CablesHome;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.examples.CommandFailure;
import dev.cutlass.examples.Console;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cutlass cables init}: makes everything a node needs. */
@Command(
        name = "init",
        description = "Makes a home: keys, certificates, user name, settings.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = SysExits.USAGE,
        footer = {
            "",
            "Cut off, it goes on where it was. Keys of 8192 bits take a minute, seldom",
            "several. Then: cutlass cables run --home DIR --socks5 127.0.0.1:9050"
        })
final class InitCommand implements Callable<Integer> {
    /** Signs of life while a key is made: at most one in so many nanoseconds. */
    private static final long DOT_NANOS = 500_000_000;

    @Mixin
    private final HomeOption home = new HomeOption();

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "A name under which this node is reached: 16 or 56 letters and .onion, or 52 and .b32.i2p."
                    + " May be given several times; the first is the usual one.")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--onion",
            description =
                    "Makes the key of an onion service, too, and names the node by it; run --tor-control makes the"
                            + " service in Tor. Without it torrc does, and its name is given with --host.")
    private boolean onion;

    @Option(
            names = "--rsa",
            paramLabel = "BITS",
            description = "Length of the keys (default: ${DEFAULT-VALUE}); below 3072 for tests only.")
    private int rsa = 8192;

    @Override
    public Integer call() throws CommandFailure {
        final List<HostName> names = names();
        if (names.isEmpty() && !onion) {
            throw new CommandFailure(
                    "--host NAME is wanted, the name under which this node is reached, or --onion, which makes one",
                    SysExits.USAGE);
        }
        if (rsa < CablesHome.leastSoundBits()) {
            Console.err()
                    .println("cutlass: warning: keys of " + rsa + " bits can be broken; use them for tests only ("
                            + CablesHome.leastSoundBits() + " or more are sound)");
        }
        final Dots dots = new Dots();
        @Nullable HostName service = null;
        try {
            if (onion) {
                service = CablesHome.createOnion(home.path());
                names.add(0, service);
            }
            final CablesHome made = CablesHome.create(home.path(), names, rsa, dots);
            dots.end();
            IdCommand.show(made);
            return SysExits.OK;
        } catch (IllegalArgumentException e) {
            final String name = service == null ? "" : "; the onion service that run --tor-control makes is " + service;
            throw new CommandFailure(e.getMessage() + name, SysExits.CONFIG);
        } catch (IOException e) {
            throw new CommandFailure(e.getMessage() == null ? e.toString() : e.getMessage(), SysExits.IOERR);
        }
    }

    private List<HostName> names() throws CommandFailure {
        final List<HostName> names = new ArrayList<>();
        for (String host : hosts) {
            try {
                names.add(HostName.of(host));
            } catch (IllegalArgumentException e) {
                throw new CommandFailure("--" + e.getMessage(), SysExits.USAGE);
            }
        }
        return names;
    }

    /** What is done, on standard error, with dots while a step takes long. */
    private static final class Dots implements CablesHome.Progress {
        private long lastDot;
        private boolean isInLine;

        @Override
        public void begins(String step) {
            end();
            Console.err().println("cutlass: " + step);
            lastDot = System.nanoTime();
        }

        @Override
        public void goesOn() {
            if (System.nanoTime() - lastDot >= DOT_NANOS) {
                lastDot = System.nanoTime();
                isInLine = true;
                Console.err().print(".");
                Console.err().flush();
            }
        }

        void end() {
            if (isInLine) {
                Console.err().println();
                isInLine = false;
            }
        }
    }
}
