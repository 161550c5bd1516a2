package dev.cutlass.proto.recovery;

/**
 * Decides how much may be in flight on one path, and when the next packet may leave. The terms are those of RFC 9002 section 7
 * and its appendix B. {@link LossRecovery} calls it, only for ack-eliciting packets. On an ACK it calls {@link #onLost} for each packet that was found lost, then
 * {@link #onAck} once; {@link #onSpuriousLoss} and {@link #onPersistentCongestion} come between them. Sizes are whole datagrams in bytes.
 *
 * <p>One object belongs to one path and one thread at a time; it neither blocks nor allocates. It may come to a path in the middle of its
 * life, and hear of packets that it did not see leave.
 */
public interface CongestionController {
    /** The least size of a datagram that every path carries, which controllers start with. */
    int INITIAL_DATAGRAM_BYTES = 1_200;

    /** No window grows further, however much a peer acknowledges: 5 Gbit/s at 100 ms. What is in flight is memory. */
    long MAX_WINDOW = 64L << 20;

    /** The window before anything was learnt: RFC 9002 section 7.2. */
    static long initialWindow(int datagramBytes) {
        return Math.min(10L * datagramBytes, Math.max(14_720, 2L * datagramBytes));
    }

    /**
     * A packet left.
     *
     * @param bytesInFlight with this packet
     * @param appLimited the sender had nothing more to send lately
     */
    void onPacketSent(long number, int bytes, long bytesInFlight, boolean appLimited, long now);

    /**
     * A packet was found lost. Losses of packets sent before the last reaction to loss are no new reason to react.
     *
     * @param packet its {@link RateSample#number}, {@link RateSample#bytes}, {@link RateSample#sentAt}, and how it was when it was sent
     */
    void onLost(RateSample packet, RttEstimator rtt, long now);

    /**
     * Packets were acknowledged.
     *
     * @param rtt already with the sample of this ACK
     */
    void onAck(RateSample sample, RttEstimator rtt, long now);

    /** Everything that was found lost since the last reaction to loss arrived after all: RFC 9438 section 4.9. */
    void onSpuriousLoss(long now);

    /** Everything sent for several probe timeouts was lost: RFC 9002 section 7.6. Comes after {@link #onLost}. */
    void onPersistentCongestion(long now);

    /** The path leads elsewhere: everything learnt is void (RFC 9000 section 9.4). */
    void onPathChanged(long now);

    /** Datagrams of the path have another greatest size from now on. */
    void onDatagramSize(int bytes);

    /** How many bytes may be in flight. Probes are sent even so: RFC 9002 section 7.5. */
    long window();

    /** When {@code bytes} more may leave, if the window allows; not later than {@code now} means at once. */
    long releaseTime(int bytes, long now);

    /** What a person may read: the class, without its package. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** Bytes per second that it paces to; {@link Long#MAX_VALUE} if it does not pace. */
    long pacingRate();
}
