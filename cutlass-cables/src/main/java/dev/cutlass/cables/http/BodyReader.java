package dev.cutlass.cables.http;

import dev.cutlass.cables.exchange.Remote.Fetched;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** Reads one answer as far as it is wanted. Jetty's threads write, one after the other; one thread awaits. */
final class BodyReader implements Response.Listener {
    /** What a node says; anything else is said by what stands between. Cables protocol section 7. */
    private static final Set<Integer> OF_NODES = Set.of(200, 400, 403, 404, 405, 414, 431, 500);

    /** Beyond the time after which Jetty ends a request, so only if it does not. */
    private static final int SLACK_MILLIS = 10_000;

    private final int maxLength;
    private final RemoteLimits limits;
    private final long begun;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final CountDownLatch isDone = new CountDownLatch(1);
    private int status; // 0 until a whole header came; Jetty's own says 400 of an answer that it cannot read
    private long length;
    private @Nullable Fetched fetched; // written before isDone, read after it

    BodyReader(int maxLength, RemoteLimits limits, long begun) {
        this.maxLength = maxLength;
        this.limits = limits;
        this.begun = begun;
    }

    /** How long all of it may take. */
    long wholeMillis() {
        return limits.request().toMillis() + maxLength * 1_000L / limits.bytesPerSecond();
    }

    @Override
    public void onHeaders(Response response) {
        status = response.getStatus();
        final long announced = response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        if (announced > allowed()) {
            giveUp(response, new IOException("it has " + announced + " bytes, more than " + allowed()));
        }
    }

    @Override
    public void onContent(Response response, ByteBuffer content) {
        length += content.remaining();
        if (length > allowed()) {
            giveUp(response, new IOException("it has more than " + allowed() + " bytes"));
        } else if (isTooSlow()) {
            giveUp(response, new TimeoutException("it comes too slowly: " + length + " bytes so far"));
        } else if (isWanted()) {
            final byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            body.writeBytes(bytes);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // that it ends is heard in onComplete
    private static void giveUp(Response response, Exception why) {
        response.abort(why);
    }

    private int allowed() {
        return isWanted() ? maxLength : RemoteLimits.MAX_DISCARDED;
    }

    private boolean isWanted() {
        return status == HttpStatus.OK_200;
    }

    private boolean isTooSlow() {
        final long late = System.nanoTime() - begun - limits.request().toNanos();
        return late > 0 && length < late / 1_000_000_000.0 * limits.bytesPerSecond();
    }

    @Override
    public void onComplete(Result result) {
        fetched = fetched(result);
        isDone.countDown();
    }

    private Fetched fetched(Result result) {
        if (status != 0 && status != HttpStatus.OK_200) { // its body does not matter, nor whether it came whole
            return OF_NODES.contains(status)
                    ? new Fetched.Status(status)
                    : new Fetched.Unreachable("status " + status + ", which no node says: the proxy's, as a rule");
        }
        if (result.isFailed()) {
            final Throwable why = result.getFailure();
            return new Fetched.Unreachable(why.getMessage() == null ? why.toString() : why.getMessage());
        }
        return new Fetched.Body(body.toByteArray());
    }

    Fetched await() throws InterruptedException {
        if (!isDone.await(wholeMillis() + SLACK_MILLIS, TimeUnit.MILLISECONDS) || fetched == null) {
            return new Fetched.Unreachable("no answer");
        }
        return fetched;
    }
}
