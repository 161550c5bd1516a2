package dev.cutlass.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A {@link UdpLink} by hand, on a host between two others: for systems whose own traffic control cannot delay. */
final class Relay {
    private static final double BITS_PER_MBIT = 1e6;
    private static final double PERCENT = 100;

    /** With a limited rate. */
    private static final long QUEUE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private Relay() {}

    /** Carries until the process ends. {@code --delay} is one way; without {@code --mbit} there is no limit. */
    static void run(List<String> given) throws IOException, InterruptedException {
        final Options options = new Options(given, "to", "port", "delay", "loss", "mbit");
        final String to = options.text("to");
        final int colon = to.lastIndexOf(':');
        final LinkModel.Conditions conditions = new LinkModel.Conditions(
                Math.round(options.decimal("mbit", 0) * BITS_PER_MBIT),
                QUEUE_NANOS,
                TimeUnit.MILLISECONDS.toNanos(options.number("delay", 0)),
                options.decimal("loss", 0) / PERCENT);
        try (UdpLink link = UdpLink.start(
                new InetSocketAddress(InetAddress.getByName("0.0.0.0"), options.number("port", 0)),
                new InetSocketAddress(to.substring(0, colon), Integer.parseInt(to.substring(colon + 1))),
                conditions,
                System.nanoTime())) {
            System.out.println("carrying from port " + link.port() + " to " + to);
            new CountDownLatch(1).await();
        }
    }
}
