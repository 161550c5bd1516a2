package dev.cutlass.cables;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.exchange.Remote;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What came of asking a node whether it is there.
 *
 * @param isThere whether it answered as a node does
 * @param text what it says it is, or what went wrong; for a person
 */
public record PingResult(boolean isThere, String text) {
    /** Cables protocol section 16. */
    private static final Pattern BANNER = Pattern.compile("LIBERTE CABLE [A-Za-z0-9._-]+");

    /** Bytes of an answer that are looked at. */
    private static final int LOOKED_AT = 128;

    private static final int MAX_ANSWER = 1 << 10;

    static PingResult of(Remote remote, CablesAddress node) {
        final Remote.Fetched answer = remote.get(node, "request/ver", MAX_ANSWER);
        if (answer instanceof Remote.Fetched.Body body) {
            final int length = Math.min(body.bytes().length, LOOKED_AT);
            final Matcher banner = BANNER.matcher(new String(body.bytes(), 0, length, StandardCharsets.ISO_8859_1));
            return banner.lookingAt()
                    ? new PingResult(true, banner.group())
                    : new PingResult(false, "something answers that is no node of this network");
        }
        return answer instanceof Remote.Fetched.Status status
                ? new PingResult(false, "no node of this user answers there (status " + status.code() + ")")
                : new PingResult(false, ((Remote.Fetched.Unreachable) answer).why());
    }
}
