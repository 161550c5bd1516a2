package dev.cutlass.proto.handshake;

import dev.cutlass.crypto.Device;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.wire.Id128;
import java.util.List;

/**
 * What an engine says about itself in its handshakes. Any thread.
 *
 * @param root the key that our address names
 * @param device our static key and its record; its owner closes it
 * @param bootId drawn when the engine started
 * @param nick normalised, may be empty
 * @param aeads those that are fast here, the fastest first; at least one
 */
public record LocalParty(PeerId root, Device device, Id128 bootId, String nick, List<AeadAlgorithm> aeads) {
    public LocalParty {
        aeads = List.copyOf(aeads);
        if (aeads.isEmpty()) {
            throw new IllegalArgumentException("aeads: at least one");
        }
    }

    /** The same engine under another nick. */
    public LocalParty withNick(String newNick) {
        return new LocalParty(root, device, bootId, newNick, aeads);
    }
}
