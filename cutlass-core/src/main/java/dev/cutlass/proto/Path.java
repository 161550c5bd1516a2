package dev.cutlass.proto;

import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.wire.AckRanges;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A place to send to: an address, the channel that leads there and the peer's id that is used for it. */
final class Path {
    private final InetSocketAddress address;
    private final int channel;
    private final RemoteId via;
    private final LossRecovery<SentFrames> recovery;
    private final PathMtu mtu;

    /** Whether the peer, and not we, began to use it. */
    private final boolean byPeer;

    private boolean validated;
    private boolean wanted;
    private long leftAt;

    /** Challenges and their answers; null while there were none, as on most paths that came with a handshake. */
    private @Nullable PathProof proof;

    Path(
            InetSocketAddress address,
            int channel,
            RemoteId via,
            LossRecovery<SentFrames> recovery,
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

    LossRecovery<SentFrames> recovery() {
        return recovery;
    }

    PathMtu mtu() {
        return mtu;
    }

    boolean leadsTo(InetSocketAddress otherAddress, int otherChannel) {
        return channel == otherChannel && address.equals(otherAddress);
    }

    boolean leadsTo(PacketSource from) {
        return leadsTo(from.address(), from.channel());
    }

    boolean isValidated() {
        return validated;
    }

    void validate() {
        validated = true;
        if (proof != null) {
            proof.challengeDue = false;
            proof.challengeDeadline = Deadlines.NONE;
        }
    }

    private PathProof proof() {
        PathProof present = proof;
        if (present == null) {
            present = new PathProof();
            proof = present;
        }
        return present;
    }

    /** Whether the peer sends there, so that we want to, as soon as we may. */
    boolean isWanted() {
        return wanted;
    }

    void want(boolean newest) {
        wanted = newest;
    }

    void onReceived(int bytes) {
        proof().receivedBytes += bytes;
    }

    void onSent(int bytes) {
        if (!validated) {
            proof().sentBytes += bytes;
        }
    }

    /** Whether the 3x rule allows a datagram. Where we go on purpose we may say the first word. */
    boolean allows(int bytes) {
        return validated || !byPeer || (proof != null && proof.allows(bytes));
    }

    void startChallenge(long data) {
        proof().startChallenge(data);
    }

    /** @param deadline until when it has to leave: the 3x rule may forbid it */
    private void repeatChallenge(long deadline) {
        final PathProof repeated = proof();
        repeated.challengeDue = true;
        repeated.challengeDeadline = deadline;
    }

    boolean isChallengeDue() {
        return proof != null && proof.challengeDue;
    }

    /** After {@link #startChallenge}. */
    long challenge() {
        return proof == null ? 0 : proof.challenge;
    }

    int challengesSent() {
        return proof == null ? 0 : proof.challengesSent;
    }

    void onChallengeSent(long deadline) {
        final PathProof sent = proof();
        sent.challengeDue = false;
        sent.challengesSent++;
        sent.challengeDeadline = deadline;
    }

    /** When the challenge was not answered in time. */
    long challengeDeadline() {
        return proof == null ? Deadlines.NONE : proof.challengeDeadline;
    }

    /**
     * The peer challenged us from there; of several challenges the last is answered.
     *
     * @param bytes of the datagram that it came in
     */
    void respond(long data, int bytes) {
        proof().respond(data, bytes);
    }

    /** How large the answer may be, whether the path is validated or not: else small challenges would buy full datagrams. */
    long responseRoom() {
        return proof == null ? 0 : proof.responseRoom;
    }

    boolean isResponseDue() {
        return proof != null && proof.responseDue;
    }

    long response() {
        return proof == null ? 0 : proof.response;
    }

    void onResponseSent() {
        proof().responseDue = false;
    }

    /** Whether this is the answer to a challenge that left, and the first one. */
    boolean isAnsweredBy(long data) {
        return !validated && challengesSent() > 0 && challenge() == data;
    }

    /** Whether it has to be given up; if its time ran out and it has not, it is challenged once more. */
    boolean isUnanswered(long now) {
        if (now < challengeDeadline()) {
            return false;
        }
        if (challengesSent() >= Paths.MAX_CHALLENGES || isChallengeDue()) {
            return true;
        }
        repeatChallenge(now + recovery.rtt().probeTimeout());
        return false;
    }

    /** An ACK of what was sent there arrived. */
    void onAck(AckRanges ranges, long now) {
        if (mtu.onAck(ranges, recovery.rtt(), now)) {
            recovery.setDatagramBytes(mtu.size());
        }
        watchSize(now);
    }

    /** Goes back to small packets if large ones do not arrive. */
    private void watchSize(long now) {
        if (recovery.isBlackHole(now)) {
            mtu.onBlackHole(now);
            recovery.setDatagramBytes(mtu.size());
        }
    }

    /** Another path took over; what the peer still has there grows old. */
    void leave(long now) {
        leftAt = now;
    }

    long leftAt() {
        return leftAt;
    }
}
