package dev.cutlass.cables.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection to the service, byte by byte: no library between that would mend anything. */
final class Raw implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    final Socket socket;

    Raw(InetSocketAddress to) throws IOException {
        socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(to, PATIENCE_MILLIS);
    }

    /** One char is one byte. */
    Raw send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /**
     * As much of it as the other side takes: who is refused in the middle of what it says (RFC 9112, section 9.6)
     * is cut off while it still writes, and the answer is there to be read all the same.
     */
    Raw sendUntilCutOff(String text) throws IOException {
        try {
            return send(text);
        } catch (SocketException e) {
            return this;
        }
    }

    /** All that comes until the other side ends, however it ends. */
    String readAll() throws IOException {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException e) { // a reset is an end
            all.writeBytes(new byte[0]);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** One answer: header and as much of a body as it says, which of a HEAD is nothing. */
    String readAnswer(boolean isHead) throws IOException {
        final StringBuilder header = new StringBuilder();
        final InputStream in = socket.getInputStream();
        while (header.indexOf("\r\n\r\n") < 0) {
            final int next = in.read();
            if (next < 0) {
                return header.toString();
            }
            header.append((char) next);
        }
        final int at = header.toString().toLowerCase(Locale.ROOT).indexOf("content-length:");
        final int length = at < 0
                ? 0
                : Integer.parseInt(header.substring(at + "content-length:".length(), header.indexOf("\r\n", at))
                        .strip());
        return header + new String(in.readNBytes(isHead ? 0 : length), StandardCharsets.ISO_8859_1);
    }

    /** The header of an answer. */
    String readAnswerStart() throws IOException {
        return readAnswer(true);
    }

    /** So many bytes, or until the other side ends; gives how many came. */
    int readBody(int length) throws IOException {
        final byte[] chunk = new byte[64 << 10];
        int got = 0;
        try {
            for (int n; got < length && (n = socket.getInputStream().read(chunk)) >= 0; ) {
                got += n;
            }
        } catch (SocketException e) { // a reset is an end
            return got;
        }
        return got;
    }

    /** Whether the other side has ended, or ends now. */
    boolean isEnded() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
