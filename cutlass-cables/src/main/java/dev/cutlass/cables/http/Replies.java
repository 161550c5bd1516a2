package dev.cutlass.cables.http;

import dev.cutlass.cables.exchange.Answer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;

/** Statuses, header fields and bodies of the service: the original's to the byte. Cables protocol section 7. */
enum Replies {
    DONE(200, "LIBERTE CABLE 3.0\n"),
    MALFORMED(400, "LIBERTE CABLE 3.0: ERROR\n"),
    FORBIDDEN(403, ""),
    MISSING(404, ""),
    BAD_METHOD(405, ""),
    REFUSED(500, "LIBERTE CABLE 3.0: ERROR\n");

    private final int status;
    private final String text;

    Replies(int status, String text) {
        this.status = status;
        this.text = text;
    }

    /** What an answer looks like; a file is 200 with nothing but its bytes. */
    static byte[] write(Answer answer, Response to) {
        if (answer instanceof Answer.File file) {
            to.setStatus(DONE.status);
            return file.bytes();
        }
        return of(answer).write(to);
    }

    private static Replies of(Answer answer) {
        if (answer instanceof Answer.Done) {
            return DONE;
        } else if (answer instanceof Answer.Malformed) {
            return MALFORMED;
        } else if (answer instanceof Answer.Missing) {
            return MISSING;
        }
        return answer instanceof Answer.Refused ? REFUSED : FORBIDDEN;
    }

    /** Sets status and header fields; gives the body. */
    byte[] write(Response to) {
        to.setStatus(status);
        if (!text.isEmpty()) {
            final HttpFields.Mutable fields = to.getHeaders();
            fields.put(HttpHeader.CONTENT_TYPE, "text/plain");
            if (this == DONE) {
                fields.put(HttpHeader.CACHE_CONTROL, "no-cache");
            }
        }
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
