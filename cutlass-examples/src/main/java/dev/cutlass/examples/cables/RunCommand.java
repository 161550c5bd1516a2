package dev.cutlass.examples.cables;

import dev.cutlass.cables.CablesHome;
import dev.cutlass.cables.CablesListener;
import dev.cutlass.cables.CablesNode;
import dev.cutlass.cables.Carrier;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.examples.CommandFailure;
import dev.cutlass.examples.Console;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code cutlass cables run}: the node, until it is told to stop. */
@Command(
        name = "run",
        description = "Runs the node, in the foreground, until it is told to stop (SIGTERM, Ctrl-C).",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = SysExits.USAGE,
        footer = {
            "",
            "What is not given is as cables.properties in the home says. Exit code: 70 a",
            "defect, 75 a node runs here already or the address is taken, 78 settings."
        })
final class RunCommand implements Callable<Integer> {
    private static final String LOG_OF_JETTY = "org.slf4j.simpleLogger.log.org.eclipse.jetty";

    @Mixin
    private final HomeOption home = new HomeOption();

    @Mixin
    private final ProxyOptions proxy = new ProxyOptions();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = ProxyOptions.AddressConverter.class,
            description = "Where the onion service's port 80 is forwarded to (default: 127.0.0.1:9080).")
    private @Nullable InetSocketAddress listen;

    @Option(
            names = "--retry",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "A message is tried again around this time, at random (default: 150s).")
    private @Nullable Duration retry;

    @Option(
            names = "--max-age",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "After this a message is given up (default: 7d).")
    private @Nullable Duration maxAge;

    @Option(names = "--queues", paramLabel = "DIR", description = "Where queue and rqueue are (default: the home).")
    private @Nullable Path queues;

    @Option(names = "--maildir", paramLabel = "DIR", description = "Where mail goes (default: Maildir in the home).")
    private @Nullable Path maildir;

    @Option(
            names = "--smtp",
            paramLabel = "127.0.0.1:PORT",
            converter = ProxyOptions.AddressConverter.class,
            description = "Where mail programs of this machine submit mail (default: nowhere). No password: whoever"
                    + " can connect may send in your name.")
    private @Nullable InetSocketAddress smtp;

    @Option(
            names = "--tor-control",
            paramLabel = "127.0.0.1:PORT",
            converter = ProxyOptions.AddressConverter.class,
            description = "Tor's control port, usually 127.0.0.1:9051, to make the onion service of init --onion there"
                    + " (default: torrc makes it).")
    private @Nullable InetSocketAddress torControl;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        if (System.getProperty(LOG_OF_JETTY) == null) {
            System.setProperty(LOG_OF_JETTY, "warn");
        }
        final CablesHome opened = home.open(queues);
        final CountDownLatch failed = new CountDownLatch(1);
        final CablesNode node = start(failed);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node), "cutlass-stop"));
        final InetSocketAddress at = node.listening();
        Console.err()
                .println("cutlass: the node of " + opened.user() + " listens on "
                        + at.getAddress().getHostAddress() + ":" + at.getPort());
        opened.addresses().forEach(address -> Console.err().println("cutlass: you are " + address));
        if (node.smtpPort() != 0) {
            Console.err().println("cutlass: mail programs submit at port " + node.smtpPort());
        }
        failed.await();
        return SysExits.SOFTWARE;
    }

    private CablesNode start(CountDownLatch failed) throws CommandFailure {
        final CablesNode.Builder builder = CablesNode.builder(home.path()).listener(new Lines(failed));
        final Carrier carrier = proxy.carrier();
        if (carrier != null) {
            builder.carrier(carrier);
        }
        if (listen != null) {
            builder.listen(listen);
        }
        if (retry != null) {
            builder.retry(retry);
        }
        if (maxAge != null) {
            builder.maxAge(maxAge);
        }
        if (queues != null) {
            builder.queues(queues);
        }
        if (smtp != null) {
            builder.smtp(smtp);
        }
        if (torControl != null) {
            builder.torControl(torControl);
        }
        if (maildir != null) {
            builder.maildir(maildir);
        }
        try {
            return builder.start();
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), SysExits.CONFIG);
        } catch (IOException e) {
            throw new CommandFailure(e.getMessage() == null ? e.toString() : e.getMessage(), SysExits.TEMPFAIL);
        }
    }

    private static void stop(CablesNode node) {
        try {
            node.close();
            Console.err().println("cutlass: stopped");
        } catch (IOException e) {
            Console.err().println("cutlass: " + e);
        }
    }

    /** What happens, a line each, on standard error. */
    private static final class Lines implements CablesListener {
        private final CountDownLatch failed;

        Lines(CountDownLatch failed) {
            this.failed = failed;
        }

        @Override
        public void arrived(MessageId id) {
            Console.err().println("cutlass: arrived " + id);
        }

        @Override
        public void confirmed(MessageId id) {
            Console.err().println("cutlass: confirmed " + id);
        }

        @Override
        public void givenUp(MessageId id) {
            Console.err().println("cutlass: given up " + id);
        }

        @Override
        public void standby(boolean isAway) {
            Console.err().println(isAway ? "cutlass: the queues are away; waiting" : "cutlass: the queues are back");
        }

        @Override
        public void onionService(boolean isUp, String why) {
            Console.err()
                    .println(
                            isUp
                                    ? "cutlass: the onion service is made; others can reach it within a minute or two"
                                    : "cutlass: no onion service: " + why + "; it is tried again");
        }

        @Override
        public void clockJumped(Duration by) {
            Console.err().println("cutlass: the clock jumped by " + by + "; it is believed in ten minutes");
        }

        @Override
        public void failed(Throwable why) {
            failed.countDown();
        }
    }

    /** {@code 150s}, {@code 7d}. */
    static final class TimeConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return CablesNode.parseDuration(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
