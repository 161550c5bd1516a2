package dev.cutlass.proto;

import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.wire.Frame;
import java.net.InetSocketAddress;

/** A place to send to: an address, the channel that leads there and the peer's id that is used for it. */
final class Path {
    /** An address that has not answered gets at most this many times what came from there: docs/protocol.md section 4.5. */
    private static final long AMPLIFICATION = 3;

    private final InetSocketAddress address;
    private final int channel;
    private final RemoteId via;
    private final LossRecovery<Frame[]> recovery;
    private final PathMtu mtu;

    /** Whether the peer, and not we, began to use it. */
    private final boolean byPeer;

    private boolean validated;
    private boolean wanted;
    private long receivedBytes;
    private long sentBytes;

    private long challenge;
    private boolean challengeDue;
    private int challengesSent;
    private long challengeDeadline = Deadlines.NONE;

    private long response;
    private boolean responseDue;
    private long responseRoom;

    private long leftAt;

    Path(
            InetSocketAddress address,
            int channel,
            RemoteId via,
            LossRecovery<Frame[]> recovery,
            PathMtu mtu,
            boolean byPeer,
            boolean validated) {
        this.address = address;
        this.channel = channel;
        this.via = via;
        this.recovery = recovery;
        this.mtu = mtu;
        this.byPeer = byPeer;
        this.validated = validated;
    }

    InetSocketAddress address() {
        return address;
    }

    int channel() {
        return channel;
    }

    RemoteId via() {
        return via;
    }

    LossRecovery<Frame[]> recovery() {
        return recovery;
    }

    PathMtu mtu() {
        return mtu;
    }

    boolean leadsTo(InetSocketAddress otherAddress, int otherChannel) {
        return channel == otherChannel && address.equals(otherAddress);
    }

    boolean isValidated() {
        return validated;
    }

    void validate() {
        validated = true;
        challengeDue = false;
        challengeDeadline = Deadlines.NONE;
    }

    /** Whether the peer sends there, so that we want to, as soon as we may. */
    boolean isWanted() {
        return wanted;
    }

    void want(boolean newest) {
        wanted = newest;
    }

    void onReceived(int bytes) {
        receivedBytes += bytes;
    }

    void onSent(int bytes) {
        sentBytes += bytes;
    }

    /** Whether the 3x rule allows a datagram. Where we go on purpose we may say the first word. */
    boolean allows(int bytes) {
        return validated || !byPeer || sentBytes + bytes <= AMPLIFICATION * receivedBytes;
    }

    void startChallenge(long data) {
        challenge = data;
        challengeDue = true;
        challengesSent = 0;
    }

    /** @param deadline until when it has to leave: the 3x rule may forbid it */
    void repeatChallenge(long deadline) {
        challengeDue = true;
        challengeDeadline = deadline;
    }

    boolean isChallengeDue() {
        return challengeDue;
    }

    long challenge() {
        return challenge;
    }

    int challengesSent() {
        return challengesSent;
    }

    void onChallengeSent(long deadline) {
        challengeDue = false;
        challengesSent++;
        challengeDeadline = deadline;
    }

    /** When the challenge was not answered in time. */
    long challengeDeadline() {
        return challengeDeadline;
    }

    /**
     * The peer challenged us from there; of several challenges the last is answered.
     *
     * @param bytes of the datagram that it came in
     */
    void respond(long data, int bytes) {
        response = data;
        responseDue = true;
        responseRoom = AMPLIFICATION * bytes;
    }

    /** How large the answer may be, whether the path is validated or not: else small challenges would buy full datagrams. */
    long responseRoom() {
        return responseRoom;
    }

    boolean isResponseDue() {
        return responseDue;
    }

    long response() {
        return response;
    }

    void onResponseSent() {
        responseDue = false;
    }

    /** Another path took over; what the peer still has there grows old. */
    void leave(long now) {
        leftAt = now;
    }

    long leftAt() {
        return leftAt;
    }
}
