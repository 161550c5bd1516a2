package dev.cutlass.event;

import dev.cutlass.crypto.PeerId;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What the engine knows about a peer at one moment.
 *
 * @param state whether it can be reached
 * @param address where its packets come from; empty without a connection
 * @param ownAddress where it sees the packets of our bound socket come from, as it last told; empty if it did not, as with {@code backConnected} from the start
 * @param initiator whether this side dialled
 * @param pattern the handshake, e.g. {@code XXhfs+psk3}; empty without a connection
 * @param suite its primitives and the packet cipher; empty without a connection
 * @param handshakeTime from the first datagram to the confirmed connection, on the side that dialled; zero on the other, which does not wait
 * @param roundTrip smoothed; zero before the first measurement
 * @param age how long the connection has existed
 * @param silence how long ago the last packet came
 * @param epoch key epoch, from 0
 * @param backConnected whether the connection has a socket of its own, which hears of a peer's reboot early
 * @param connection how the connection does: path, loss, congestion, keys; empty without one
 * @param queuedMessages messages in the outbox without a receipt
 * @param queuedBytes their bytes, and 64 for each
 * @param heldMessages messages of the peer that came, wholly or in part, and that no handler queue has taken yet
 * @param heldBytes their bytes, and 64 for each
 */
public record PeerInfo(
        PeerId id,
        String nick,
        TrustState trust,
        Permissions permissions,
        PeerState state,
        Optional<InetSocketAddress> address,
        Optional<InetSocketAddress> ownAddress,
        boolean initiator,
        String pattern,
        String suite,
        Duration handshakeTime,
        Duration roundTrip,
        Duration age,
        Duration silence,
        long epoch,
        boolean backConnected,
        Optional<ConnectionInfo> connection,
        int queuedMessages,
        long queuedBytes,
        int heldMessages,
        long heldBytes) {}
