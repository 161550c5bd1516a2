package dev.cutlass.engine;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.PeerState;
import dev.cutlass.event.Permissions;
import dev.cutlass.event.TrustState;

/** What the engine knows about one peer. */
public final class PeerEntry {
    /** Everything of the peer that is not final or volatile is under this lock. */
    final RankedLock lock = new RankedLock(LockRank.CONNECTION);

    private final PeerId id;

    // Volatile: written under the lock, read by anybody.
    private volatile String nick = "";
    private volatile TrustState trust;
    private volatile Permissions permissions;
    private volatile PeerState state = PeerState.AWAY;

    PeerEntry(PeerId id, TrustState trust, Permissions permissions) {
        this.id = id;
        this.trust = trust;
        this.permissions = permissions;
    }

    public PeerId id() {
        return id;
    }

    public String nick() {
        return nick;
    }

    public TrustState trust() {
        return trust;
    }

    public Permissions permissions() {
        return permissions;
    }

    public PeerState state() {
        return state;
    }

    void nick(String nick) {
        this.nick = nick;
    }

    void trust(TrustState trust) {
        this.trust = trust;
    }

    void permissions(Permissions permissions) {
        this.permissions = permissions;
    }

    void state(PeerState state) {
        this.state = state;
    }
}
