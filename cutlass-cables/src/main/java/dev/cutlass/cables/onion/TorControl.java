package dev.cutlass.cables.onion;

import dev.cutlass.cables.pki.OnionKey;
import dev.cutlass.crypto.primitive.Secrets;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** One connection to Tor's control port. One thread; {@link #close} may be called by any. */
final class TorControl implements AutoCloseable {
    /** Tor answers these at once. */
    private static final int PATIENCE_MILLIS = 20_000;

    /** Of the cookie, and of both nonces: control-spec section 3.24. */
    private static final int COOKIE_LENGTH = 32;

    private static final String SERVER_LABEL = "Tor safe cookie authentication server-to-controller hash";
    private static final String CLIENT_LABEL = "Tor safe cookie authentication controller-to-server hash";
    private static final int PORT = 80;

    private final Socket socket;
    private final InputStream in;

    private TorControl(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static TorControl connect(InetSocketAddress at) throws IOException {
        final Socket socket = new Socket();
        try {
            socket.connect(at, PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            return new TorControl(socket);
        } catch (IOException e) {
            socket.close();
            throw new IOException(
                    "no Tor answers at " + at.getAddress().getHostAddress() + ":" + at.getPort() + " (" + e.getMessage()
                            + "); is \"ControlPort\" in torrc?",
                    e);
        }
    }

    /**
     * Proves to be allowed, by reading the file that Tor names, without sending what is in it: whoever else listens at the port learns nothing.
     *
     * @throws IOException says what is to be changed
     */
    void authenticate(SecureRandom random) throws IOException {
        final ControlReply info = ask("PROTOCOLINFO 1");
        final String named = info.value("AUTH ", "METHODS");
        final List<String> methods = named == null ? List.of() : Arrays.asList(named.split(",", -1));
        if (methods.contains("NULL")) {
            demand(ask("AUTHENTICATE"), "Tor refuses us");
            return;
        }
        final String cookieFile = info.value("AUTH ", "COOKIEFILE");
        if (!methods.contains("SAFECOOKIE") || cookieFile == null) {
            throw new IOException(
                    "Tor wants a password at its control port: put \"CookieAuthentication 1\" into torrc");
        }
        final byte[] cookie = cookie(Path.of(ControlReply.asPath(cookieFile)));
        try {
            authenticate(cookie, random);
        } finally {
            Secrets.wipe(cookie);
        }
    }

    private static byte[] cookie(Path file) throws IOException {
        final byte[] cookie;
        try (InputStream stream = Files.newInputStream(file)) {
            cookie = stream.readNBytes(COOKIE_LENGTH + 1);
        } catch (IOException e) {
            throw new IOException(
                    file + " cannot be read: become a member of the group that may (Debian: debian-tor), and put"
                            + " \"CookieAuthFileGroupReadable 1\" into torrc",
                    e);
        }
        if (cookie.length != COOKIE_LENGTH) {
            Secrets.wipe(cookie);
            throw new IOException(file + " is no cookie of Tor's");
        }
        return cookie;
    }

    private void authenticate(byte[] cookie, SecureRandom random) throws IOException {
        final byte[] ours = new byte[COOKIE_LENGTH];
        random.nextBytes(ours);
        final ControlReply challenge =
                ask("AUTHCHALLENGE SAFECOOKIE " + HexFormat.of().formatHex(ours));
        demand(challenge, "Tor refuses us");
        final byte[] proof = hex(challenge.value("AUTHCHALLENGE ", "SERVERHASH"));
        final byte[] theirs = hex(challenge.value("AUTHCHALLENGE ", "SERVERNONCE"));
        if (!MessageDigest.isEqual(proof, hash(SERVER_LABEL, cookie, ours, theirs))) {
            throw new IOException("what answers at the control port does not know Tor's cookie: it is not that Tor");
        }
        demand(
                ask("AUTHENTICATE " + HexFormat.of().formatHex(hash(CLIENT_LABEL, cookie, ours, theirs))),
                "Tor refuses us");
    }

    private static byte[] hex(@Nullable String text) throws IOException {
        try {
            return HexFormat.of().parseHex(text == null ? "" : text);
        } catch (IllegalArgumentException e) {
            throw new IOException("this is no answer of Tor's control port", e);
        }
    }

    private static byte[] hash(String label, byte[]... parts) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(label.getBytes(StandardCharsets.US_ASCII), mac.getAlgorithm()));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has HmacSHA256", e);
        }
    }

    /** Makes the service, which lives as long as this connection: port 80 of its name goes to an address of this machine. */
    void addOnion(OnionKey key, InetSocketAddress target) throws IOException {
        final byte[] expanded = key.expanded();
        try {
            final String address = target.getAddress().getHostAddress();
            demand(
                    ask("ADD_ONION ED25519-V3:" + Base64.getEncoder().encodeToString(expanded) + " Port=" + PORT + ","
                            + (address.contains(":") ? "[" + address + "]" : address) + ":" + target.getPort()),
                    "Tor does not make the onion service");
        } finally {
            Secrets.wipe(expanded);
        }
    }

    /** Blocks until the connection ends. */
    void awaitEnd() throws IOException {
        socket.setSoTimeout(0);
        while (in.read() >= 0) {
            // Tor says nothing that was not asked for.
        }
    }

    private static void demand(ControlReply reply, String otherwise) throws IOException {
        if (!reply.isWell()) {
            throw new IOException(otherwise + ": " + reply.lines().get(0));
        }
    }

    private ControlReply ask(String command) throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return ControlReply.read(in);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
