package dev.cutlass.cables.http;

import dev.cutlass.cables.exchange.Answer;
import dev.cutlass.cables.exchange.Requests;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Between HTTP and {@link Requests}. Jetty's threads; writes do not block them. */
final class RequestHandler extends Handler.Abstract {
    /** Bytes of an answer that is never too much: connections bound how many there are. */
    private static final int ALWAYS = 16 << 10;

    /** What an absolute target names: nothing, as the protocol has it. */
    private static final String NO_PATH = "";

    private final Requests requests;
    private final InstantSource clock;
    private final Patience patience;
    private final long maxSending;
    private final AtomicLong sending = new AtomicLong();

    RequestHandler(Requests requests, InstantSource clock, Patience patience, long maxSending) {
        this.requests = requests;
        this.clock = clock;
        this.patience = patience;
        this.maxSending = maxSending;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        final Connection connection = request.getConnectionMetaData().getConnection();
        final boolean beginsWithSlash =
                connection.getEndPoint() instanceof SeenEndPoint seen && seen.takeBeginsWithSlash();
        if (isReading(request) && hasBody(request.getHeaders())) {
            // As the original does it. What follows might be a body or a request: nobody is to be able to make one look
            // like the other.
            connection.close();
            callback.succeeded();
            return true;
        }
        final byte[] wanted = body(request, beginsWithSlash, response);
        final boolean isHeld = hold(wanted.length);
        final byte[] body = isHeld ? wanted : Replies.MISSING.write(response);
        patience.answers(connection, body.length);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(
                true,
                ByteBuffer.wrap(body),
                Callback.from(
                        () -> {
                            sending.addAndGet(-body.length);
                            patience.waits(connection); // before Jetty hears of it and reads the next request
                            callback.succeeded();
                        },
                        why -> {
                            sending.addAndGet(-body.length);
                            callback.failed(why);
                        }));
        return true;
    }

    /** Whether an answer of this length may be held until it is read: one of any size, short ones, and others up to the limit. */
    private boolean hold(int length) {
        final long before = sending.getAndAdd(length);
        if (before > 0 && length > ALWAYS && before + length > maxSending) {
            sending.addAndGet(-length);
            return false;
        }
        return true;
    }

    private byte[] body(Request request, boolean beginsWithSlash, Response response) {
        if (!isReading(request)) {
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
            return Replies.BAD_METHOD.write(response);
        }
        final Answer answer = requests.answer(beginsWithSlash ? path(request.getHttpURI()) : NO_PATH, clock.instant());
        return Replies.write(answer, response);
    }

    private static boolean isReading(Request request) {
        return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    }

    private static boolean hasBody(HttpFields fields) {
        return fields.contains(HttpHeader.TRANSFER_ENCODING) || fields.getLongField(HttpHeader.CONTENT_LENGTH) > 0;
    }

    /** The path, percent-decoded once and otherwise as it came: dots and slashes are letters here. A query does not count. */
    private static String path(HttpURI target) {
        final String raw = target.getPath() == null ? "" : target.getPath();
        return decoded(target.getFragment() == null ? raw : raw + "#" + target.getFragment());
    }

    /** One char for each byte; what is no percent-encoding stays as it is. */
    static String decoded(String raw) {
        final byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        final ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            final int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            final int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low < 0) {
                out.write(bytes[i]);
            } else {
                out.write(high << 4 | low);
                i += 2;
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
