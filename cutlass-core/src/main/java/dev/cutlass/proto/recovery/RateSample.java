package dev.cutlass.proto.recovery;

/**
 * What one ACK told a {@link CongestionController}, or what is known of one lost packet. {@link LossRecovery} owns the only object of a path and fills it anew
 * each time: look at it during the call only. Names are those of draft-ietf-ccwg-bbr section 4.1. Sizes in bytes, times in nanoseconds.
 *
 * <p>Threads: as the path's.
 */
public final class RateSample {
    /** {@link #rtt} if the ACK gave no sample. */
    public static final long NO_RTT = -1;

    /** {@link #number} before the first packet. */
    static final long NO_NUMBER = -1;

    long newlyAcked;
    long bytesInFlight;
    long priorInFlight;
    long number;
    long bytes;
    long sentAt;
    long rtt;
    long rate;
    long delivered;
    long priorDelivered;
    long totalDelivered;
    long lost;
    long inFlightThen;
    boolean noted;
    boolean appLimited;

    RateSample() {
        begin(0);
    }

    /** Before the packets of an ACK. */
    void begin(long inFlight) {
        newlyAcked = 0;
        bytesInFlight = inFlight;
        priorInFlight = inFlight;
        number = NO_NUMBER;
        bytes = 0;
        sentAt = 0;
        rtt = NO_RTT;
        rate = 0;
        delivered = 0;
        priorDelivered = 0;
        lost = 0;
        inFlightThen = 0;
        noted = false;
        appLimited = false;
    }

    /** How much this ACK acknowledged, without packets that were thought lost. */
    public long newlyAcked() {
        return newlyAcked;
    }

    /** How much is in flight after it. */
    public long bytesInFlight() {
        return bytesInFlight;
    }

    /** How much was in flight before it. */
    public long priorInFlight() {
        return priorInFlight;
    }

    /** The packet that was sent last of those that were newly acknowledged; of a lost packet its own number. */
    public long number() {
        return number;
    }

    /** The size of a lost packet. */
    public long bytes() {
        return bytes;
    }

    /** When {@link #number} was sent. */
    public long sentAt() {
        return sentAt;
    }

    /** The round trip as measured, with whatever the peer waited; {@link #NO_RTT} if there is no sample. */
    public long rtt() {
        return rtt;
    }

    /** Bytes per second; 0 if there is no sample. */
    public long rate() {
        return rate;
    }

    /** How much was delivered between the sending of {@link #number} and its ACK. */
    public long delivered() {
        return delivered;
    }

    /** How much of the path's data had been delivered when {@link #number} was sent ... */
    public long priorDelivered() {
        return priorDelivered;
    }

    /** ... and now. */
    public long totalDelivered() {
        return totalDelivered;
    }

    /** How much was found lost between the sending of {@link #number} and now. */
    public long lost() {
        return lost;
    }

    /** How much was in flight when {@link #number} was sent, with it. */
    public long inFlightThen() {
        return inFlightThen;
    }

    /** Whether the four before this and {@link #isAppLimited} are known: the very first packets are sent before anybody counts. */
    public boolean isNoted() {
        return noted;
    }

    /** Whether {@link #number} was sent when the sender had nothing more to send, so that the rate says little about the path. */
    public boolean isAppLimited() {
        return appLimited;
    }
}
