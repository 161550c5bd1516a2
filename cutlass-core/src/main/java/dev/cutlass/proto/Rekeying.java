package dev.cutlass.proto;

import dev.cutlass.crypto.noise.Role;
import dev.cutlass.crypto.packet.Ratchet;
import dev.cutlass.crypto.packet.RekeyOutcome;
import dev.cutlass.crypto.packet.RekeyOutcome.Ignored;
import dev.cutlass.crypto.packet.RekeyOutcome.Refused;
import dev.cutlass.crypto.packet.RekeyOutcome.Rekeyed;
import dev.cutlass.wire.CloseCode;
import dev.cutlass.wire.CryptoFrame;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * New keys for a connection that lives: docs/protocol.md section 4.6. Due some time after an epoch began, if data of the application flowed in it; an idle connection has
 * no ratchet and no timer.
 *
 * <pre>
 *            data, and it is time          both messages            first packet of the new epoch     3 PTO
 *   IDLE ---------------------------> PROPOSED ------------> AGREED ---------------------------> IDLE -----> old keys wiped
 *     |       a proposal came: accept                           |  proposer: sends under it at once
 *     +---------------------------------------------------------+  accepter: sends under it from that packet on
 * </pre>
 *
 * <p>Diffie-Hellman takes a millisecond, so it waits for {@link #work}, which a thread calls that may take so long.
 */
final class Rekeying {
    /** Old keys open stragglers for so many probe timeouts: docs/protocol.md section 4.6. */
    private static final int OLD_KEYS_PROBES = 3;

    /** An epoch lasts from 90 % to 110 % of the setting, so that two sides seldom propose at once. */
    private static final int JITTER_PARTS = 5;

    /** Proposals of a peer: so many at once, and one in so long a time. Each costs us a millisecond. */
    private static final int PROPOSAL_BURST = 4;

    private static final long PROPOSAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Connection connection;
    private final Role role;
    private final RekeyKeys means;
    private final long epochNanos;

    /** Made with the first proposal: most connections are idle and see none. */
    private @Nullable RateLimit proposals;

    private @Nullable Ratchet ratchet;
    private @Nullable CryptoStream stream;
    private long epochBeganAt;
    private long dueAt;
    private boolean dataFlowed;
    private boolean proposalDue;
    private boolean workTold;

    /** The epoch that is agreed and of which no packet came yet; 0: none. */
    private long agreed;

    /** The epoch before it, whose keys still open packets; -1: none. */
    private long old = -1;

    Rekeying(Connection connection, ConnectionStart start, long epochNanos, long now) {
        this.connection = connection;
        this.role = start.initiator() ? Role.INITIATOR : Role.RESPONDER;
        this.means = start.rekeyKeys();
        this.epochNanos = epochNanos;
        epochBeganAt = now;
        dueAt = dueFrom(now);
    }

    /** Since when packets are sent under the keys that they are sent under now. */
    long epochBeganAt() {
        return epochBeganAt;
    }

    private void sendUnderAgreed(long now) {
        final long before = connection.keys().epoch();
        connection.keys().sendUnderAgreed();
        if (connection.keys().epoch() != before) {
            epochBeganAt = now;
        }
    }

    private long dueFrom(long now) {
        final long jitter = epochNanos / JITTER_PARTS;
        return now
                + epochNanos
                - jitter / 2
                + (jitter == 0 ? 0 : connection.random().nextLong(jitter));
    }

    /** Data of the application comes or goes: keep-alives do not count. */
    void onData(long now) {
        if (!dataFlowed) {
            dataFlowed = true;
            connection.timers().set(Timer.REKEY, Math.max(now, dueAt));
        }
    }

    /** It is time for a new epoch, or the present one has few packets left. */
    void onDue() {
        if (!proposalDue) {
            proposalDue = true;
            tellIfFree();
        }
    }

    /** Whether nothing of the step before is left. */
    private boolean isFree() {
        return (ratchet == null || !ratchet.isProposed()) && agreed == 0 && old < 0;
    }

    private void tellIfFree() {
        if (proposalDue && isFree()) {
            tellWork();
        }
    }

    /** A part of the peer's stream came; false if the connection must be closed. */
    boolean receive(CryptoFrame frame) {
        CryptoStream present = stream;
        if (present == null) {
            present = new CryptoStream();
            stream = present;
        }
        if (!present.receive(frame)) {
            return false;
        }
        if (present.hasNext()) {
            tellWork();
        }
        return true;
    }

    private void tellWork() {
        if (!workTold) {
            workTold = true;
            connection.output(new Output.RekeyWaits());
        }
    }

    /** Does what waits. */
    void work(long now) {
        workTold = false;
        while (connection.state().isLive() && stream != null && stream.hasNext()) {
            handle(stream.next(), now);
        }
        if (proposalDue && isFree() && connection.state().isLive()) {
            send(ratchet().propose(means.random()));
        }
    }

    private Ratchet ratchet() {
        Ratchet present = ratchet;
        if (present == null) {
            present = connection.keys().ratchet(means);
            ratchet = present;
        }
        return present;
    }

    private void send(byte[] message) {
        CryptoStream present = stream;
        if (present == null) {
            present = new CryptoStream();
            stream = present;
        }
        present.write(message).forEach(connection.sender()::requestControl);
    }

    private void handle(byte @Nullable [] message, long now) {
        if (message == null || agreed != 0 || !mayPropose(now)) {
            violation(message == null ? "no REKEY message" : "asks for new keys all the time", now);
            return;
        }
        final RekeyOutcome outcome = ratchet().handle(message, means.random());
        if (outcome instanceof Rekeyed rekeyed) {
            onAgreed(rekeyed, now);
        } else if (outcome instanceof Refused refused) {
            violation("REKEY: " + refused.reason(), now);
        } else if (outcome instanceof Ignored) {
            return; // both proposed, and ours counts
        }
    }

    private boolean mayPropose(long now) {
        RateLimit limit = proposals;
        if (limit == null) {
            limit = new RateLimit(PROPOSAL_BURST, PROPOSAL_NANOS);
            proposals = limit;
        }
        return limit.tryPass(now);
    }

    private void onAgreed(Rekeyed rekeyed, long now) {
        final byte[] reply = rekeyed.reply();
        proposalDue = false;
        forgetOld(); // nobody proposes again before the old keys are gone, but for clocks that differ
        agreed = rekeyed.epoch();
        try (var traffic = rekeyed.traffic()) {
            final Role other = role == Role.INITIATOR ? Role.RESPONDER : Role.INITIATOR;
            connection.keys().agree(agreed, traffic.of(role), traffic.of(other));
        }
        dataFlowed = false;
        dueAt = dueFrom(now);
        connection.timers().clear(Timer.REKEY);
        if (reply != null) {
            send(reply);
        } else {
            sendUnderAgreed(now);
            connection.sender().requestPing(); // shows the peer that its accept arrived
        }
    }

    /** A packet of an epoch was opened. */
    void onOpened(int epochBits, long now) {
        if (agreed == 0 || epochBits != EpochKeys.slot(agreed)) {
            return;
        }
        old = agreed - 1;
        agreed = 0;
        sendUnderAgreed(now);
        final long wait =
                OLD_KEYS_PROBES * connection.paths().primary().recovery().rtt().probeTimeout();
        connection.timers().set(Timer.OLD_KEYS, now + wait);
    }

    /** No straggler of the epoch before comes any more. */
    void forgetOld() {
        connection.timers().clear(Timer.OLD_KEYS);
        if (old >= 0) {
            connection.keys().stopReceivingUnder(old);
            old = -1;
            tellIfFree();
        }
    }

    private void violation(String text, long now) {
        connection.end(CloseCode.PROTOCOL_VIOLATION, text, now);
    }

    /** Wipes what it has. */
    void close() {
        stream = null;
        if (ratchet != null) {
            ratchet.close();
        }
    }
}
