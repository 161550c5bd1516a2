package dev.cutlass.proto.recovery;

/** A window of constant size without pacing: fair to nobody, for tests and for links that nobody else uses. */
public final class FixedWindow implements CongestionController {
    /** Small enough for the receive buffer that every system grants (64 x 1,200 bytes), large enough for 12 Mbit/s at 50 ms. */
    public static final int PACKETS = 64;

    private final long window;

    /** @throws IllegalArgumentException unless both are positive */
    public FixedWindow(int packets, int packetBytes) {
        if (packets <= 0 || packetBytes <= 0) {
            throw new IllegalArgumentException(
                    packets + " packets of " + packetBytes + " bytes: both must be positive");
        }
        window = (long) packets * packetBytes;
    }

    @Override
    public void onPacketSent(long number, int bytes, long bytesInFlight, boolean appLimited, long now) {}

    @Override
    public void onLost(RateSample packet, RttEstimator rtt, long now) {}

    @Override
    public void onAck(RateSample sample, RttEstimator rtt, long now) {}

    @Override
    public void onSpuriousLoss(long now) {}

    @Override
    public void onPersistentCongestion(long now) {}

    @Override
    public void onPathChanged(long now) {}

    @Override
    public void onDatagramSize(int bytes) {}

    @Override
    public long window() {
        return window;
    }

    @Override
    public long releaseTime(int bytes, long now) {
        return now;
    }

    @Override
    public long pacingRate() {
        return Long.MAX_VALUE;
    }
}
