package dev.cutlass.proto.recovery;

/** What {@link Bbr} is doing, with the gains of rate and window: draft-ietf-ccwg-bbr section 5.6.1. */
enum BbrState {
    STARTUP(2.77, 2),
    DRAIN(0.5, 2),
    PROBE_BW_DOWN(0.9, 2),
    PROBE_BW_CRUISE(1, 2),
    PROBE_BW_REFILL(1, 2),
    PROBE_BW_UP(1.25, 2.25),
    PROBE_RTT(1, 0.5);

    final double pacingGain;
    final double cwndGain;

    BbrState(double pacingGain, double cwndGain) {
        this.pacingGain = pacingGain;
        this.cwndGain = cwndGain;
    }

    boolean isProbeBw() {
        return this == PROBE_BW_DOWN || this == PROBE_BW_CRUISE || this == PROBE_BW_REFILL || this == PROBE_BW_UP;
    }

    /** Whether it sends as much as it can, so that loss tells about the long term. */
    boolean isProbing() {
        return this == STARTUP || this == PROBE_BW_REFILL || this == PROBE_BW_UP;
    }
}
