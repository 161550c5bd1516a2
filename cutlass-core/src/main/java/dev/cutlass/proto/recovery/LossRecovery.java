package dev.cutlass.proto.recovery;

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
    /** Loss over this many probe timeouts is persistent congestion: section 7.6.1. */
    static final int PERSISTENT_CONGESTION_THRESHOLD = 3;

    /** Packets that carry nothing are remembered for the sake of RTT samples, up to this many in all. */
    private static final int MAX_REMEMBERED = 512;

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

    private final SentPackets<C> sent = new SentPackets<>();
    private final RttEstimator rtt = new RttEstimator();
    private final Supplier<? extends CongestionController> controllers;
    private final Listener<? super C> listener;
    private final SkippedNumbers skipped;
    private @Nullable Congestion congestion;
    private long nextNumber;
    private long largestAcked = -1;
    private long bytesInFlight;
    private int packetsInFlight;
    private long probeFrom;
    private int backoff;
    private long lossTime = Deadlines.NONE;
    private long firstSampleAt = Deadlines.NONE;
    private long lostPackets;
    private long sentPackets;
    private int datagramBytes = CongestionController.INITIAL_DATAGRAM_BYTES;
    private @Nullable LargeLosses large; // only where larger packets are sent

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
        this.listener = listener;
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
            if (sent.count() > 0 && sent.count() < MAX_REMEMBERED) {
                sent.add(number, 0, null, now);
            }
            return;
        }
        final Congestion data = packetsInFlight < UNCONTROLLED ? congestion : engage();
        sent.add(number, bytes, content, now);
        if (data != null) {
            data.onSent(sent, bytes, bytesInFlight, now);
        }
        bytesInFlight += bytes;
        packetsInFlight++;
        sentPackets++;
        probeFrom = now;
    }

    /** The window and pacing would let more leave, and there is nothing: what is learnt next says little about the path. */
    public void onAppLimited() {
        if (congestion != null) {
            congestion.onAppLimited(bytesInFlight);
        }
    }

    /**
     * An ACK arrived.
     *
     * @param ranges largest and smallest of each range in turn, highest range first
     * @param ackDelayMicros as the peer said
     */
    public AckResult onAck(long[] ranges, long ackDelayMicros, long now) {
        final long largest = ranges[0];
        if (largest >= nextNumber || skipped.isAnyIn(ranges)) {
            return AckResult.NEVER_SENT;
        }
        final Congestion data = congestion;
        final long largestBefore = largestAcked;
        largestAcked = Math.max(largestAcked, largest);
        final int largestIndex = sent.firstFrom(largest);
        final boolean largestIsNew =
                largestIndex < sent.count() && sent.number(largestIndex) == largest && !sent.isGone(largestIndex);
        final long largestSentAt = largestIsNew ? sent.sentAt(largestIndex) : 0;
        final int packetsBefore = packetsInFlight;
        if (data != null) {
            data.beginAck(bytesInFlight);
        }
        for (int i = 0; i < ranges.length; i += 2) {
            removeAcked(ranges[i + 1], ranges[i], now);
            if (data != null) {
                data.onRangeAcked(ranges[i + 1], ranges[i], largestBefore, rtt, now);
            }
        }
        if (data != null) {
            data.onRangesAcked(now);
        }
        if (packetsInFlight == packetsBefore) {
            sent.dropSettledHead();
            return AckResult.NOTHING_NEW;
        }
        if (largestIsNew) {
            takeSample(Math.max(0, now - largestSentAt), ackDelayMicros, now);
        }
        backoff = 0;
        detectLost(now);
        if (data != null) {
            data.endAck(bytesInFlight, rtt, now);
        }
        return AckResult.PROGRESS;
    }

    private void takeSample(long nanos, long ackDelayMicros, long now) {
        if (!rtt.isSampled()) {
            firstSampleAt = now;
        }
        rtt.onSample(nanos, delayNanos(ackDelayMicros));
        if (congestion != null) {
            congestion.onRtt(nanos);
        }
    }

    /** Whether an ACK that came at {@code deadline()} or later tells something: call this at the deadline. */
    public Expiry onTimeout(long now) {
        if (lossTime != Deadlines.NONE) {
            if (now < lossTime) {
                return Expiry.NOTHING;
            }
            detectLost(now);
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
        if (lossTime != Deadlines.NONE) {
            return lossTime;
        }
        if (packetsInFlight == 0) {
            return Deadlines.NONE;
        }
        return Deadlines.after(probeFrom, rtt.probeTimeout() << Math.min(backoff, MAX_BACKOFF));
    }

    /** Hands back as lost what the oldest packet in flight carried, so that a probe can carry it; false if no packet carries anything. */
    public boolean giveBackOldest(long now) {
        for (int i = 0; i < sent.count(); i++) {
            if (sent.bytes(i) > 0 && sent.hasContent(i)) {
                final C content = sent.takeContent(i);
                if (content != null) {
                    listener.onLost(content, now);
                    return true;
                }
            }
        }
        return false;
    }

    /** The path is given up: everything in flight is handed back as lost, without a word to the congestion controller. */
    public void abandon(long now) {
        for (int i = 0; i < sent.count(); i++) {
            final C content = sent.takeContent(i);
            sent.remove(i);
            if (content != null) {
                listener.onLost(content, now);
            }
        }
        sent.dropSettledHead();
        bytesInFlight = 0;
        packetsInFlight = 0;
        lossTime = Deadlines.NONE;
    }

    /** The path leads elsewhere under the same numbers: RFC 9000 section 9.4. */
    public void onPathChanged(long now) {
        rtt.reset();
        firstSampleAt = Deadlines.NONE;
        backoff = 0;
        if (congestion != null) {
            congestion.onPathChanged(now);
        }
    }

    /** Datagrams of this path have another greatest size from now on. */
    public void setDatagramBytes(int bytes) {
        datagramBytes = bytes;
        large = bytes > CongestionController.INITIAL_DATAGRAM_BYTES ? new LargeLosses() : null;
        if (congestion != null) {
            congestion.onDatagramSize(bytes);
        }
    }

    /** Whether packets above the size that every path carries get lost, and only they. */
    public boolean isBlackHole(long now) {
        return large != null && large.isBlackHole(rtt.probeTimeout(), now);
    }

    /** Whether the window has room for a packet of {@code bytes}. */
    public boolean canSend(int bytes) {
        return bytesInFlight + bytes <= window() && packetsInFlight < MAX_IN_FLIGHT;
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
        return bytesInFlight;
    }

    public int packetsInFlight() {
        return packetsInFlight;
    }

    /** How many probe timeouts passed since the last ACK that told something. */
    public int unansweredProbes() {
        return backoff;
    }

    /** How many packets were found lost so far. */
    public long lostPackets() {
        return lostPackets;
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
        sent.trim();
        if (packetsInFlight == 0) {
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

    private void removeAcked(long smallest, long largest, long now) {
        for (int i = sent.firstFrom(smallest); i < sent.count() && sent.number(i) <= largest; i++) {
            if (sent.isGone(i)) {
                continue;
            }
            final int bytes = sent.bytes(i);
            final C content = sent.takeContent(i);
            if (bytes > 0) {
                bytesInFlight -= bytes;
                packetsInFlight--;
                if (large != null) {
                    large.onAcked(bytes);
                }
                if (congestion != null) {
                    congestion.onAcked(sent, i, now);
                }
            }
            sent.remove(i);
            if (content != null) {
                listener.onAcked(content, now);
            }
        }
    }

    /** DetectAndRemoveLostPackets and OnPacketsLost: appendix A.10 and B.8. */
    private void detectLost(long now) {
        final Congestion data = congestion;
        final long lossDelay = rtt.lossDelay(data == null ? SpuriousLoss.TIME_EIGHTHS : data.timeEighths());
        final int threshold = data == null ? SpuriousLoss.PACKET_THRESHOLD : data.packetThreshold();
        lossTime = Deadlines.NONE;
        long runFrom = Deadlines.NONE;
        boolean persistent = false;
        for (int i = 0; i < sent.count() && sent.number(i) < largestAcked; i++) {
            if (sent.isGone(i)) {
                runFrom = Deadlines.NONE; // acknowledged, or lost for another reason, in between: not persistent
                continue;
            }
            final long sentAt = sent.sentAt(i);
            final int size = sent.bytes(i);
            if (Deadlines.after(sentAt, lossDelay) > now && largestAcked - sent.number(i) < threshold) {
                if (size > 0) {
                    lossTime = Math.min(lossTime, Deadlines.after(sentAt, lossDelay));
                }
                continue;
            }
            final C content = sent.takeContent(i);
            if (size > 0) {
                lostPackets++;
                packetsInFlight--;
                bytesInFlight -= size;
                if (large != null) {
                    large.onLost(size, sentAt);
                }
                if (sentAt > firstSampleAt) {
                    runFrom = Math.min(runFrom, sentAt);
                    persistent |= sentAt - runFrom > persistentCongestionDuration();
                }
                if (data != null) {
                    data.onLost(sent, i, nextNumber, bytesInFlight, rtt, now);
                }
            }
            if (size > 0) {
                listener.onPacketLost(sent.number(i), now);
            }
            sent.remove(i);
            if (content != null) {
                listener.onLost(content, now);
            }
        }
        sent.dropSettledHead();
        if (persistent) {
            rtt.forgetMinimum();
            if (data != null) {
                data.onPersistentCongestion(now);
            }
        }
    }

    private long persistentCongestionDuration() {
        return rtt.probeTimeout() * PERSISTENT_CONGESTION_THRESHOLD;
    }
}
