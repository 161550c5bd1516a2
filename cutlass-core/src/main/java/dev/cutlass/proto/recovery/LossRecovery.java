package dev.cutlass.proto.recovery;

import dev.cutlass.wire.AckRanges;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The sender's half of RFC 9002 for one path: numbers the packets, keeps what they carried until it was acknowledged or is lost, and
 * says when to probe. Sections and names are those of that RFC.
 *
 * @param <C> what a packet carried, if anything that must not get lost. Each is handed back exactly once.
 */
public final class LossRecovery<C> {
    /** From here the probe timeout no longer doubles: a connection is idle long before that. */
    private static final int MAX_BACKOFF = 10;

    /** Not more packets are in flight, however small they are: what is remembered of each takes some hundred bytes. */
    static final int MAX_IN_FLIGHT = 1 << 16;

    /**
     * A congestion controller comes into being with the packet after so many in flight: a connection that only keeps itself alive does without.
     */
    private static final int UNCONTROLLED = 4;

    /**
     * What an ACK or a deadline gave back. The calls come from inside the method that learnt it, and must not call back into it, but for {@link #onBulkAcked} and
     * {@link #onBulkLost}.
     */
    public interface Listener<C> {
        void onAcked(C content, long now);

        /** To be sent again, in new packets. */
        void onLost(C content, long now);

        /** A packet that had to arrive was found lost, whatever it carried. */
        default void onPacketLost(long number, long now) {}
    }

    /** What an ACK told. */
    public enum AckResult {
        /** It names a packet that was never sent: the peer lies. Nothing was changed. */
        NEVER_SENT,
        /** Nothing that we did not know. */
        NOTHING_NEW,
        /** Something newly acknowledged. */
        PROGRESS
    }

    /** What a deadline means. */
    public enum Expiry {
        /** It was early. */
        NOTHING,
        /** Packets were found lost, and handed back. */
        LOSS,
        /** Nobody answers: an ack-eliciting packet must leave, whatever the window says (section 6.2.4). */
        PROBE
    }

    private final RttEstimator rtt = new RttEstimator();
    private final PacketsInFlight<C> inFlight;
    private final Supplier<? extends CongestionController> controllers;
    private final SkippedNumbers skipped;
    private @Nullable Congestion congestion;
    private long nextNumber;
    private long largestAcked = -1;
    private long probeFrom;
    private int backoff;
    private long sentPackets;
    private int datagramBytes = CongestionController.INITIAL_DATAGRAM_BYTES;

    /**
     * For a path that may stay silent.
     *
     * @param controllers makes a controller when data begins to flow
     * @param random to leave out packet numbers
     */
    public LossRecovery(
            Supplier<? extends CongestionController> controllers,
            Listener<? super C> listener,
            RandomGenerator random) {
        this.controllers = controllers;
        inFlight = new PacketsInFlight<>(rtt, listener);
        skipped = new SkippedNumbers(random);
    }

    /** The number of the next packet; 0 for the first. */
    public long nextNumber() {
        return nextNumber;
    }

    /** The largest number that the peer has acknowledged; -1 if none. */
    public long largestAcked() {
        return largestAcked;
    }

    /**
     * The packet with number {@link #nextNumber} leaves.
     *
     * @param bytes of the whole datagram
     * @param content null if nothing that it carries has to arrive; always null if the packet is not ack-eliciting
     */
    public void onPacketSent(int bytes, boolean ackEliciting, @Nullable C content, long now) {
        final long number = nextNumber;
        nextNumber = skipped.after(number);
        if (!ackEliciting) {
            inFlight.addQuiet(number, now);
            return;
        }
        inFlight.add(number, bytes, content, inFlight.packets() < UNCONTROLLED ? congestion : engage(), now);
        sentPackets++;
        probeFrom = now;
    }

    /** The window and pacing would let more leave, and there is nothing: what is learnt next says little about the path. */
    public void onAppLimited() {
        if (congestion != null) {
            congestion.onAppLimited(inFlight.bytes());
        }
    }

    /**
     * An ACK arrived.
     *
     * @param ranges only looked at during the call
     * @param ackDelayMicros as the peer said
     */
    public AckResult onAck(AckRanges ranges, long ackDelayMicros, long now) {
        final long largest = ranges.largest(0);
        if (largest >= nextNumber || skipped.isAnyIn(ranges)) {
            return AckResult.NEVER_SENT;
        }
        final Congestion data = congestion;
        final long largestBefore = largestAcked;
        largestAcked = Math.max(largestAcked, largest);
        final long largestSentAt = inFlight.sentAt(largest);
        final int packetsBefore = inFlight.packets();
        if (data != null) {
            data.beginAck(inFlight.bytes());
        }
        for (int i = 0; i < ranges.count(); i++) {
            inFlight.removeAcked(ranges.smallest(i), ranges.largest(i), data, now);
            if (data != null) {
                data.onRangeAcked(ranges.smallest(i), ranges.largest(i), largestBefore, rtt, now);
            }
        }
        if (data != null) {
            data.onRangesAcked(now);
        }
        if (inFlight.packets() == packetsBefore) {
            inFlight.dropSettledHead();
            return AckResult.NOTHING_NEW;
        }
        if (largestSentAt != Deadlines.NONE) {
            takeSample(Math.max(0, now - largestSentAt), ackDelayMicros, now);
        }
        backoff = 0;
        inFlight.detectLost(largestAcked, nextNumber, data, now);
        if (data != null) {
            data.endAck(inFlight.bytes(), rtt, now);
        }
        return AckResult.PROGRESS;
    }

    private void takeSample(long nanos, long ackDelayMicros, long now) {
        if (!rtt.isSampled()) {
            inFlight.onFirstSample(now);
        }
        rtt.onSample(nanos, delayNanos(ackDelayMicros));
        if (congestion != null) {
            congestion.onRtt(nanos);
        }
    }

    /** Whether an ACK that came at {@code deadline()} or later tells something: call this at the deadline. */
    public Expiry onTimeout(long now) {
        if (inFlight.lossTime() != Deadlines.NONE) {
            if (now < inFlight.lossTime()) {
                return Expiry.NOTHING;
            }
            inFlight.detectLost(largestAcked, nextNumber, congestion, now);
            return Expiry.LOSS;
        }
        if (now < deadline()) {
            return Expiry.NOTHING;
        }
        backoff++;
        probeFrom = now;
        return Expiry.PROBE;
    }

    /** When {@link #onTimeout} has something to do: section 6.2.1. {@link Deadlines#NONE} if nothing is in flight. */
    public long deadline() {
        if (inFlight.lossTime() != Deadlines.NONE) {
            return inFlight.lossTime();
        }
        if (inFlight.packets() == 0) {
            return Deadlines.NONE;
        }
        return Deadlines.after(probeFrom, rtt.probeTimeout() << Math.min(backoff, MAX_BACKOFF));
    }

    /** Hands back as lost what the oldest packet in flight carried, so that a probe can carry it; false if no packet carries anything. */
    public boolean giveBackOldest(long now) {
        return inFlight.giveBackOldest(now);
    }

    /** The path is given up: everything in flight is handed back as lost, without a word to the congestion controller. */
    public void abandon(long now) {
        inFlight.abandon(now);
    }

    /** The path leads elsewhere under the same numbers: RFC 9000 section 9.4. */
    public void onPathChanged(long now) {
        rtt.reset();
        inFlight.onPathChanged();
        backoff = 0;
        if (congestion != null) {
            congestion.onPathChanged(now);
        }
    }

    /** Datagrams of this path have another greatest size from now on. */
    public void setDatagramBytes(int bytes) {
        datagramBytes = bytes;
        inFlight.setDatagramBytes(bytes);
        if (congestion != null) {
            congestion.onDatagramSize(bytes);
        }
    }

    /** Whether packets above the size that every path carries get lost, and only they. */
    public boolean isBlackHole(long now) {
        return inFlight.isBlackHole(now);
    }

    /** Whether the window has room for a packet of {@code bytes}. */
    public boolean canSend(int bytes) {
        return inFlight.bytes() + bytes <= window() && inFlight.packets() < MAX_IN_FLIGHT;
    }

    /** When a packet of {@code bytes} may leave as far as pacing is concerned; not later than {@code now} means at once. */
    public long releaseTime(int bytes, long now) {
        return congestion == null ? now : congestion.controller().releaseTime(bytes, now);
    }

    /** What bulk data has to pass beside the window; made when it is first asked for. */
    public BulkLimit bulk() {
        return engage().bulk(datagramBytes);
    }

    /** Bulk data of {@link BulkLimit#onSent} was acknowledged. */
    public void onBulkAcked(int bytes) {
        final BulkLimit limit = congestion == null ? null : congestion.bulk();
        if (limit != null) {
            limit.onAcked(bytes);
        }
    }

    /** It was handed back, so that it is in flight no more. */
    public void onBulkLost(int bytes) {
        final BulkLimit limit = congestion == null ? null : congestion.bulk();
        if (limit != null) {
            limit.onLost(bytes);
        }
    }

    /** Bulk bytes of the path that were neither acknowledged nor lost. */
    public long bulkBytesInFlight() {
        final BulkLimit limit = congestion == null ? null : congestion.bulk();
        return limit == null ? 0 : limit.bytesInFlight();
    }

    /** How many of them there may be; 0 while nothing asked for bulk. */
    public long bulkWindow() {
        final BulkLimit limit = congestion == null ? null : congestion.bulk();
        return limit == null ? 0 : limit.window();
    }

    /** Bytes per second that it paces to; {@link Long#MAX_VALUE} if it does not pace. */
    public long pacingRate() {
        return congestion == null ? Long.MAX_VALUE : congestion.controller().pacingRate();
    }

    public RttEstimator rtt() {
        return rtt;
    }

    public long window() {
        return congestion == null
                ? CongestionController.initialWindow(datagramBytes)
                : congestion.controller().window();
    }

    public long bytesInFlight() {
        return inFlight.bytes();
    }

    public int packetsInFlight() {
        return inFlight.packets();
    }

    /** How many probe timeouts passed since the last ACK that told something. */
    public int unansweredProbes() {
        return backoff;
    }

    /** How many packets were found lost so far. */
    public long lostPackets() {
        return inFlight.lost();
    }

    /** How many ack-eliciting packets were sent so far; only such can be lost. */
    public long sentPackets() {
        return sentPackets;
    }

    /** Of the congestion controller; empty while there is none. */
    public String controllerName() {
        return congestion == null ? "" : congestion.controller().name();
    }

    /** Gives back memory; for connections at rest. What was learnt about a path is stale by then. */
    public void trim() {
        inFlight.trim();
        if (inFlight.packets() == 0) {
            congestion = null;
        }
    }

    /** Makes the congestion controller, if there is none yet. */
    Congestion engage() {
        Congestion engaged = congestion;
        if (engaged == null) {
            engaged = new Congestion(controllers.get(), datagramBytes);
            congestion = engaged;
        }
        return engaged;
    }

    private static long delayNanos(long micros) {
        return TimeUnit.MICROSECONDS.toNanos(Math.max(0, Math.min(micros, RttEstimator.MAX_ACK_DELAY_NANOS)));
    }
}
