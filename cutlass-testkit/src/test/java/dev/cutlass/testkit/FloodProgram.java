package dev.cutlass.testkit;

import dev.cutlass.proto.handshake.FirstFlights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM of its own that sends first flights to a port of the loopback address, as many as it can, each from another port than the last: {@code PORT parts|whole}. Says now and then on its
 * standard output how many datagrams it has sent, and ends with its standard input.
 */
final class FloodProgram {
    static final String PARTS = "parts";
    static final String WHOLE = "whole";

    /** Sockets: so many source ports at a time. */
    private static final int PORTS = 200;

    /** A socket is given up for one with another port after so many flights. */
    private static final int FLIGHTS_PER_PORT = 50;

    private static final int TELL_EVERY = 1 << 12;

    private FloodProgram() {}

    public static void main(String[] args) throws IOException {
        final InetSocketAddress target =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        final List<ByteBuffer[]> flights = flights(args[1].equals(WHOLE));
        final Thread watch = new Thread(FloodProgram::endWithInput, "end");
        watch.setDaemon(true);
        watch.start();
        flood(target, flights);
    }

    private static List<ByteBuffer[]> flights(boolean whole) {
        final FirstFlights made = new FirstFlights(null, new SeededSecureRandom(3), 0);
        final List<ByteBuffer[]> flights = new ArrayList<>();
        for (int i = 0; i < FloodTest.FLIGHTS; i++) {
            final byte[][] datagrams = made.next(0);
            final ByteBuffer[] flight = new ByteBuffer[whole ? datagrams.length : 1];
            for (int k = 0; k < flight.length; k++) {
                flight[k] = ByteBuffer.allocateDirect(datagrams[k].length).put(datagrams[k]);
            }
            flights.add(flight);
        }
        return flights;
    }

    private static void endWithInput() {
        try {
            while (System.in.read() >= 0) {
                // nothing is said there
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Runtime.getRuntime().halt(0);
        }
    }

    private static void flood(InetSocketAddress target, List<ByteBuffer[]> flights) throws IOException {
        final DatagramChannel[] sockets = new DatagramChannel[PORTS];
        long sent = 0;
        long told = 0;
        for (int i = 0; ; i++) {
            final int at = i % PORTS;
            if (sockets[at] != null && i / PORTS % FLIGHTS_PER_PORT == at % FLIGHTS_PER_PORT) {
                sockets[at].close();
                sockets[at] = null;
            }
            if (sockets[at] == null) {
                sockets[at] = DatagramChannel.open();
                sockets[at].configureBlocking(false);
            }
            for (ByteBuffer datagram : flights.get(i % flights.size())) {
                sockets[at].send(datagram.flip(), target);
                sent++;
            }
            if (sent - told >= TELL_EVERY) {
                told = sent;
                System.out.write((sent + "\n").getBytes(StandardCharsets.US_ASCII));
                System.out.flush();
            }
        }
    }
}
