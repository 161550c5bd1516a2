package dev.cutlass.examples.feature;

import dev.cutlass.Cutlass;
import dev.cutlass.Peer;
import dev.cutlass.PeerAddress;
import dev.cutlass.crypto.Identity;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys for something else out of a connection: both ends derive the same bytes, nobody else can, and nothing is sent for it. */
public final class Exporter {
    private Exporter() {}

    public static void main(String[] args) throws Exception {
        final InetAddress here = InetAddress.getLoopbackAddress();
        try (Identity leftKey = Identity.generate();
                Identity rightKey = Identity.generate();
                Cutlass left = Cutlass.builder()
                        .identity(leftKey)
                        .nick("left")
                        .port(0)
                        .bind(here)
                        .start();
                Cutlass right = Cutlass.builder()
                        .identity(rightKey)
                        .nick("right")
                        .anyPort()
                        .bind(here)
                        .start()) {
            final Peer toRight = left.connect(
                            PeerAddress.of(right.id(), new PeerAddress.Place(here.getHostAddress(), right.localPort())))
                    .join();
            toRight.send("are you there?").join(); // from here on right surely knows the connection, too
            final Peer toLeft = right.peer(left.id()).orElseThrow();

            // The label says what the key is for, so that two uses never get the same one; the context says for which
            // thing.
            // A new connection gives new keys: agree on when to derive, and keep what you need.
            final byte[] context = "upload 7".getBytes(StandardCharsets.UTF_8);
            final byte[] atLeft = toRight.export("example.org upload token", context, 32);
            final byte[] atRight = toLeft.export("example.org upload token", context, 32);
            final byte[] otherUse = toRight.export("example.org something else", context, 32);
            System.out.println("both ends have the same key: " + MessageDigest.isEqual(atLeft, atRight));
            System.out.println("another label gives another: " + !MessageDigest.isEqual(atLeft, otherUse));

            // For instance: left uploads by HTTPS, and proves there that it is the one who talks with right here.
            final byte[] token = mac(atLeft, "PUT /upload/7");
            System.out.println(
                    "right accepts left's token: " + MessageDigest.isEqual(token, mac(atRight, "PUT /upload/7")));

            Arrays.fill(atLeft, (byte) 0); // a key is the caller's to wipe
            Arrays.fill(atRight, (byte) 0);
            Arrays.fill(otherUse, (byte) 0);
        }
    }

    private static byte[] mac(byte[] key, String what) throws java.security.GeneralSecurityException {
        final Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(what.getBytes(StandardCharsets.UTF_8));
    }
}
