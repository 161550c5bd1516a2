package dev.cutlass.engine;

import dev.cutlass.event.ConnectFailure;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One attempt to reach a peer at any of its places. Housekeeping only. */
final class DialAttempt {
    /** Why it is made. */
    enum Purpose {
        /** The application asked. */
        CONNECT,
        /** A connection was lost, or the engine was started anew. */
        RECONNECT,
        /** A connection may be dead, or its key is used up: another one beside it. */
        BESIDE
    }

    private final DialTarget target;
    private final Purpose purpose;
    private final @Nullable PeerEntry peer;
    final TimerWheel.Timer timer;

    /** Those who wait, as long as it is not known for which peer. */
    final List<CompletableFuture<PeerEntry>> waiting = new ArrayList<>(1);

    /** Addresses that were not tried yet. */
    final Deque<InetSocketAddress> remaining = new ArrayDeque<>();

    /** Handshakes under way. */
    final List<DialEntry> open = new ArrayList<>(2);

    /** Who answered, once that is known. */
    @Nullable
    PeerEntry found;

    /** No new handshake begins that would end later. */
    long deadline;

    boolean stealth;
    boolean resolved;

    /** Succeeded or failed: whatever still comes is late. */
    boolean over;

    /** The most telling of all failures so far. */
    ConnectFailure failure = ConnectFailure.NO_ANSWER;

    String detail = "";

    /** The peer is known if the target names a key. */
    DialAttempt(DialTarget target, Purpose purpose, @Nullable PeerEntry peer, Dialer dialer) {
        this.target = target;
        this.purpose = purpose;
        this.peer = peer;
        this.stealth = target.stealth();
        this.timer = new TimerWheel.Timer() {
            @Override
            void onDue(long now) {
                dialer.onTimer(DialAttempt.this, now);
            }
        };
    }

    DialTarget target() {
        return target;
    }

    Purpose purpose() {
        return purpose;
    }

    @Nullable
    PeerEntry peer() {
        return peer;
    }

    /** One address failed. The order of the constants below is that of what they tell a user. */
    void note(ConnectFailure why, String text) {
        if (rank(why) > rank(failure) || detail.isEmpty()) {
            failure = why;
            detail = text;
        }
    }

    private static int rank(ConnectFailure failure) {
        return switch (failure) {
            case KEY_MISMATCH -> 3;
            case INCOMPATIBLE, SELF -> 2;
            case UNKNOWN_HOST -> 1;
            default -> 0;
        };
    }
}
