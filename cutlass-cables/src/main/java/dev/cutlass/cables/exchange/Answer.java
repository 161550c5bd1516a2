package dev.cutlass.cables.exchange;

/** What a peer's GET is answered. Cables protocol section 7. Statuses and bodies are the original's to the byte. */
public sealed interface Answer {
    /** 200 and a file. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record File(byte[] bytes) implements Answer {}

    /** The request was carried out, or had been before. */
    record Done() implements Answer {}

    /** 400: no request that exists. */
    record Malformed() implements Answer {}

    /** 403: nothing that exists, or another user's. */
    record Forbidden() implements Answer {}

    /** 404: a file that may exist and does not. */
    record Missing() implements Answer {}

    /** 500: unknown message, wrong MAC, too early, too busy: one answer for all, on purpose. */
    record Refused() implements Answer {}
}
