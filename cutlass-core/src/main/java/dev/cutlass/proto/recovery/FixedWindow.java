package dev.cutlass.proto.recovery;

/** A window of constant size without pacing: fair to nobody, but loss cannot make it collapse. */
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
    public void onPacketSent(long number, int bytes, long bytesInFlight, long now) {}

    @Override
    public void onAcked(long number, int bytes, long sentAt, long bytesInFlight, RttEstimator rtt, long now) {}

    @Override
    public void onLost(int packets, long bytes, long lastSentAt, long bytesInFlight, long now) {}

    @Override
    public void onPersistentCongestion(long now) {}

    @Override
    public void onPathChanged(long now) {}

    @Override
    public long window() {
        return window;
    }

    @Override
    public long releaseTime(int bytes, long now) {
        return now;
    }
}
