package dev.cutlass.cables.http;

import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * In place of Jetty's error pages: what is no HTTP is answered with a bare status and the end of the connection. A target that Jetty cannot
 * read is one that does not exist (403), too long a line or header keeps its own status (414, 431), all else is 400; what fails in us is
 * 500 as any refusal. Cables protocol section 7.
 */
final class SilentErrors implements Request.Handler {
    /** How Jetty begins to say that there is something about the target; if it says it otherwise one day, the status is 400. */
    private static final String[] OF_THE_TARGET = {"Bad URI", "Authority!="};

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        final int status = response.getStatus();
        response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        byte[] body = new byte[0];
        if (isUnreadableTarget(request.getAttribute(ErrorHandler.ERROR_EXCEPTION))) {
            response.setStatus(HttpStatus.FORBIDDEN_403);
        } else if (HttpStatus.isServerError(status) && status != HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505) {
            body = Replies.REFUSED.write(response);
        } else if (status != HttpStatus.URI_TOO_LONG_414 && status != HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431) {
            response.setStatus(HttpStatus.BAD_REQUEST_400);
        }
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    private static boolean isUnreadableTarget(@Nullable Object thrown) {
        if (!(thrown instanceof HttpException problem) || problem.getCode() != HttpStatus.BAD_REQUEST_400) {
            return false;
        }
        final String reason = problem.getReason();
        if (reason == null) {
            return false;
        }
        final boolean isGeneral = reason.equals(HttpStatus.getMessage(HttpStatus.BAD_REQUEST_400));
        return (isGeneral && ((Throwable) thrown).getCause() instanceof IllegalArgumentException)
                || Stream.of(OF_THE_TARGET).anyMatch(reason::startsWith);
    }
}
