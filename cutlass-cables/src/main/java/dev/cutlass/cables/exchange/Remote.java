package dev.cutlass.cables.exchange;

import dev.cutlass.cables.address.CablesAddress;

/** Fetches from other nodes, through whatever carries there. Any thread; blocks. */
public interface Remote {
    /**
     * One GET.
     *
     * @param path below the user's name, without a slash in front: {@code certs/ca.pem}
     * @param maxLength of the body, in bytes
     */
    Fetched get(CablesAddress node, String path, int maxLength);

    /** What came of it. */
    sealed interface Fetched {
        /** Status 200. */
        @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
        record Body(byte[] bytes) implements Fetched {}

        /** Any other status: the other node is there. A redirect is not followed. */
        record Status(int code) implements Fetched {}

        /** No answer, or no whole one; whether the other node saw the request is not known. The text is for a person. */
        record Unreachable(String why) implements Fetched {}
    }
}
