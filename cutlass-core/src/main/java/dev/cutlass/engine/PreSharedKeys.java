package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.crypto.primitive.Secrets;
import dev.cutlass.wire.Bytes;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The secrets agreed on with peers beforehand, and the static keys by which their devices are known before they have said who they are: docs/protocol.md section 3.2. Does not change;
 * one thread at a time, the housekeeper's once the engine runs.
 */
public final class PreSharedKeys implements AutoCloseable {
    private final Map<PeerId, byte[]> secrets = new HashMap<>();
    private final Map<Bytes, PeerId> devices = new HashMap<>();
    private boolean closed;

    /**
     * Copies the secrets. The X25519 form of a peer's root key is always one of its devices.
     *
     * @param secrets 32 bytes for each peer
     * @param devices more static keys of these peers, 32 bytes each
     * @throws IllegalArgumentException if a device is that of two peers, or that of a peer without a secret
     */
    public PreSharedKeys(Map<PeerId, byte[]> secrets, Map<PeerId, ? extends Collection<Bytes>> devices) {
        secrets.forEach((peer, secret) -> {
            this.secrets.put(peer, secret.clone());
            add(peer, Bytes.of(peer.x25519Form()));
        });
        devices.forEach((peer, keys) -> keys.forEach(key -> {
            if (!secrets.containsKey(peer)) {
                throw new IllegalArgumentException(
                        "pskDevice: no psk is set for " + peer.fingerprint() + "; set one, or leave its devices out");
            }
            add(peer, key);
        }));
    }

    private void add(PeerId peer, Bytes device) {
        final PeerId other = devices.put(device, peer);
        if (other != null && !other.equals(peer)) {
            throw new IllegalArgumentException(
                    "pskDevice: one device of two peers, " + other.fingerprint() + " and " + peer.fingerprint());
        }
    }

    /** The secret of this peer: a copy, the caller's to wipe; null if there is none. */
    byte @Nullable [] of(PeerId peer) {
        if (closed) {
            throw new IllegalStateException("closed"); // 32 zero bytes would mean: no secret
        }
        final byte[] secret = secrets.get(peer);
        return secret == null ? null : secret.clone();
    }

    /** The peer with a secret that has this static key; null if nobody is known to. */
    @Nullable
    PeerId peerOf(byte[] staticKey) {
        return devices.get(Bytes.of(staticKey));
    }

    /** Wipes the secrets. */
    @Override
    public void close() {
        closed = true;
        secrets.values().forEach(Secrets::wipe);
    }

    @Override
    public String toString() {
        return "PreSharedKeys[" + secrets.size() + ", redacted]";
    }
}
