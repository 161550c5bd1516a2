package dev.cutlass.examples.feature;

import dev.cutlass.Cutlass;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.DropReason;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** A peer that answers only who knows its key already: for anybody else nothing seems to be there. */
public final class Stealth {
    private Stealth() {}

    public static void main(String[] args) throws Exception {
        final InetAddress here = InetAddress.getLoopbackAddress();
        try (Identity leftKey = Identity.generate();
                Identity rightKey = Identity.generate();
                Cutlass left = Cutlass.builder()
                        .identity(leftKey)
                        .nick("left")
                        .port(0)
                        .bind(here)
                        .connectTimeout(Duration.ofSeconds(2)) // short, since this program waits for a time-out
                        .start();
                Cutlass right = Cutlass.builder()
                        .identity(rightKey)
                        .nick("right")
                        .anyPort()
                        .bind(here)
                        .stealth(true) // with a home folder it also remembers, over a restart, whom it answered
                        .start()) {
            final int port = right.localPort();

            // A scanner sends whatever it likes, and even dials like a Cutlass that does not know the key.
            System.out.println("a scanner gets an answer: " + isAnswered(new InetSocketAddress(here, port)));
            System.out.println("dropped in silence: " + right.counters().get(DropReason.NOT_CUTLASS));
            try {
                left.connect(PeerAddress.parse(here.getHostAddress() + ":" + port))
                        .join();
            } catch (CompletionException failure) {
                if (failure.getCause() instanceof ConnectFailedException timeOut) {
                    System.out.println("who does not know the key: " + timeOut.failure());
                }
            }

            // Who was given the address knows the key. "?stealth" at its end says how to dial. Both clocks must be
            // right
            // within ten minutes: a recorded first datagram must not get an answer later.
            final PeerAddress address = PeerAddress.of(right.id(), new PeerAddress.Place(here.getHostAddress(), port))
                    .withStealth();
            System.out.println("the address ends in ?stealth: " + address.text().endsWith("?stealth"));
            System.out.println(
                    "who knows the key: " + left.connect(address).join().info().pattern());
        }
    }

    private static boolean isAnswered(InetSocketAddress port) throws IOException {
        try (DatagramSocket scanner = new DatagramSocket()) {
            final byte[] probe = new byte[1_152];
            new SecureRandom().nextBytes(probe);
            scanner.send(new DatagramPacket(probe, probe.length, port));
            scanner.setSoTimeout(500);
            scanner.receive(new DatagramPacket(probe, probe.length));
            return true;
        } catch (SocketTimeoutException silence) {
            return false;
        }
    }
}
