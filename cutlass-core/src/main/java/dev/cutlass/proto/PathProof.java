package dev.cutlass.proto;

import dev.cutlass.proto.recovery.Deadlines;

/** What proves that the peer is where a {@link Path} leads: both sides' challenges, and the account of the 3x rule until then. */
final class PathProof {
    /** An address that has not answered gets at most this many times what came from there: docs/protocol.md section 4.5. */
    private static final long AMPLIFICATION = 3;

    long receivedBytes;

    /** Before the path was validated. */
    long sentBytes;

    long challenge;
    boolean challengeDue;
    int challengesSent;
    long challengeDeadline = Deadlines.NONE;

    long response;
    boolean responseDue;
    long responseRoom;

    /** Whether so many bytes more are within the 3x rule. */
    boolean allows(int bytes) {
        return sentBytes + bytes <= AMPLIFICATION * receivedBytes;
    }

    void startChallenge(long data) {
        challenge = data;
        challengeDue = true;
        challengesSent = 0;
    }

    void respond(long data, int bytes) {
        response = data;
        responseDue = true;
        responseRoom = AMPLIFICATION * bytes;
    }
}
