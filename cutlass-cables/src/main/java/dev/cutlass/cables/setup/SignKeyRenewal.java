package dev.cutlass.cables.setup;

import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.pki.Checked;
import dev.cutlass.cables.pki.DhPublicKey;
import dev.cutlass.cables.pki.OwnKeys;
import dev.cutlass.cables.pki.PeerCertificates;
import dev.cutlass.cables.pki.SignedKey;
import dev.cutlass.cables.queue.MessageDirectory;
import dev.cutlass.cables.queue.MessageQueue;
import dev.cutlass.cables.queue.Names;
import dev.cutlass.cables.queue.Volume;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;

/**
 * Makes another key that signs, under the same user name. What was signed with the old one and is still published is signed anew, since peers fetch the certificate at the moment they need it. May be cut off anywhere: whoever opens the home
 * reads the new key from the moment it is whole, and the next node that starts, or the next renewal, goes on.
 */
public final class SignKeyRenewal {
    private static final int MAX_KEY_FILE = 64 << 10;

    private final Volume volume;
    private final HomeFolder folder;
    private final KeyFiles keyFiles;
    private final SecureRandom random;

    /** For a home whose lock the caller has. */
    public SignKeyRenewal(Volume volume, HomeFolder folder, SecureRandom random) {
        this.volume = volume;
        this.folder = folder;
        this.keyFiles = new KeyFiles(volume, folder);
        this.random = random;
    }

    /** Makes the key and puts it into its place. */
    public OwnKeys renew(int rsaBits, Instant now) throws IOException {
        settle(now);
        keyFiles.createNext(keyFiles.read(now).withNewSignKey(rsaBits, random, now));
        settle(now);
        return keyFiles.read(now);
    }

    /** Ends a renewal that was cut off; nothing if there is none. */
    public void settle(Instant now) throws IOException {
        if (!keyFiles.isNextThere()) {
            return;
        }
        final Home home = Home.open(volume, folder, now);
        final OwnKeys keys = home.keys();
        final Checked<PeerCertificates> old =
                PeerCertificates.check(keys.caPem(), keyFiles.currentVerifyPem(), keys.user(), now);
        if (old instanceof Checked.Good<PeerCertificates> certificates) {
            signAnew(Home.outgoing(volume, home.queues()), Names.SENDER_KEY, certificates.value(), keys, now);
            signAnew(Home.incoming(volume, home.queues()), Names.RECIPIENT_KEY, certificates.value(), keys, now);
        }
        keyFiles.install(keys);
    }

    private void signAnew(MessageQueue queue, String file, PeerCertificates old, OwnKeys keys, Instant now)
            throws IOException {
        for (MessageId id : queue.ids()) {
            final MessageDirectory message = queue.find(id);
            final byte[] signed = message == null ? null : message.bytes(file, MAX_KEY_FILE);
            final Checked<DhPublicKey> key = signed == null ? null : SignedKey.open(signed, old, now);
            if (message != null && key instanceof Checked.Good<DhPublicKey> good) {
                message.put(file, keys.sign(good.value(), random));
            }
        }
    }
}
