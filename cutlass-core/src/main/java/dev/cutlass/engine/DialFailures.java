package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.ConnectFailedException;
import dev.cutlass.event.ConnectFailure;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.proto.handshake.HandshakeFailure;
import dev.cutlass.proto.handshake.HandshakeOutput;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Says why a dial came to nothing, to those who wait for it and to the application. Housekeeping only. */
final class DialFailures {
    private final Handle handle;

    DialFailures(Handle handle) {
        this.handle = handle;
    }

    /** One handshake of an attempt came to nothing. */
    void note(DialEntry dial, HandshakeOutput.Failed failed) {
        final DialAttempt attempt = dial.attempt();
        final PeerId found = failed.found();
        final PeerId expected = dial.handshake().dial().expected();
        if (found != null && expected != null) {
            handle.notice(new CutlassEvent.KeyMismatch(
                    expected, found, attempt.target().text()));
            attempt.note(
                    ConnectFailure.KEY_MISMATCH,
                    "expected " + expected.fingerprint() + ", found " + found.fingerprint());
        } else {
            attempt.note(failureOf(failed.reason()), detailOf(failed.reason()));
        }
    }

    private static ConnectFailure failureOf(HandshakeFailure reason) {
        return switch (reason) {
            case TIMED_OUT -> ConnectFailure.NO_ANSWER;
            case UNEXPECTED_KEY -> ConnectFailure.KEY_MISMATCH;
            case CANCELLED -> ConnectFailure.CLOSED;
            default -> ConnectFailure.INCOMPATIBLE;
        };
    }

    private static String detailOf(HandshakeFailure reason) {
        return switch (reason) {
            case UNCONFIRMED ->
                "it answered, and then did not accept our proof, as when only one side has a pre-shared key or does not know the other's device";
            case INVALID_PEER -> "its key or its device record is not valid";
            case NO_COMMON_VERSION -> "it speaks another version";
            case NO_COMMON_AEAD -> "it knows none of our ciphers";
            default -> "";
        };
    }

    /** Those who wait for whoever answers. */
    void tellWaiting(DialAttempt attempt) {
        for (CompletableFuture<PeerEntry> future : attempt.waiting) {
            tell(future, attempt.failure, attempt.target(), attempt.detail);
        }
    }

    /** Those who wait for this peer, unless it is here by another way. */
    void tellWaiting(PeerEntry peer, DialAttempt attempt, long now) {
        handle.driver()
                .step(
                        peer,
                        () -> {
                            if (peer.current == null) {
                                for (CompletableFuture<PeerEntry> future : peer.takeWaitingLocked()) {
                                    peer.afterwardsLocked(
                                            () -> tell(future, attempt.failure, attempt.target(), attempt.detail));
                                }
                                peer.requested = null;
                            }
                        },
                        now);
    }

    /** @param pause when it is tried again, from now; -1 if it is not */
    void report(DialAttempt attempt, long pause) {
        if (attempt.purpose() != DialAttempt.Purpose.BESIDE // of which the application knows nothing
                && attempt.failure != ConnectFailure.CLOSED) {
            handle.notice(new CutlassEvent.ConnectFailed(
                    Optional.ofNullable(attempt.target().key()),
                    attempt.target().text(),
                    attempt.failure,
                    attempt.detail,
                    pause < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(pause))));
        }
    }

    static void tell(CompletableFuture<PeerEntry> future, ConnectFailure failure, DialTarget target, String detail) {
        future.completeExceptionally(new ConnectFailedException(failure, target.text(), detail));
    }
}
