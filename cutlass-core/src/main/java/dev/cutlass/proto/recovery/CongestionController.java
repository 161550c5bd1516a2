package dev.cutlass.proto.recovery;

/**
 * Decides how much may be in flight on one path, and when the next packet may leave. The terms are those of RFC 9002 section 7
 * and its appendix B. {@link LossRecovery} calls it; only ack-eliciting packets count. Sizes are whole datagrams in bytes.
 */
public interface CongestionController {
    /**
     * A packet left.
     *
     * @param bytesInFlight with this packet
     */
    void onPacketSent(long number, int bytes, long bytesInFlight, long now);

    /**
     * A packet was acknowledged.
     *
     * @param bytesInFlight without this packet
     * @param rtt already with the sample of this ACK
     */
    void onAcked(long number, int bytes, long sentAt, long bytesInFlight, RttEstimator rtt, long now);

    /**
     * Packets were found lost: one call for all that were found at one time.
     *
     * @param bytes their sum
     * @param lastSentAt when the last of them was sent: losses from before the last reduction are no new reason to reduce
     * @param bytesInFlight without them
     */
    void onLost(int packets, long bytes, long lastSentAt, long bytesInFlight, long now);

    /** Everything sent for several probe timeouts was lost: RFC 9002 section 7.6. Comes after {@link #onLost}. */
    void onPersistentCongestion(long now);

    /** The path leads elsewhere: everything learnt is void (RFC 9000 section 9.4). */
    void onPathChanged(long now);

    /** How many bytes may be in flight. Probes are sent even so: RFC 9002 section 7.5. */
    long window();

    /** When {@code bytes} more may leave, if the window allows; not later than {@code now} means at once. */
    long releaseTime(int bytes, long now);
}
