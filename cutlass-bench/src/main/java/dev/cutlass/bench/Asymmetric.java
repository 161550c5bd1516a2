package dev.cutlass.bench;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import dev.cutlass.crypto.bc.MlKem768;
import dev.cutlass.crypto.bc.MlKem768KeyPair;
import dev.cutlass.crypto.bc.X25519KeyPair;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The asymmetric operations of one handshake, both sides, as often as {@code XXhfs+psk3} and {@code XKhfs+psk3} alike use them
 * (docs/protocol.md section 3.2): e twice, ee, es and se on both sides, e1, ekem1 on both sides; and each side checks that the other's
 * root key is one and vouches for its static key. One thread.
 */
final class Asymmetric implements AutoCloseable {
    /** Kinds of operations, in the order in which a handshake's cost is told. */
    enum Operation {
        X25519_KEYGEN("X25519 key pair", 2),
        X25519_AGREE("X25519 agreement", 6),
        KEM_KEYGEN("ML-KEM-768 key pair", 1),
        KEM_ENCAPS("ML-KEM-768 encapsulation", 1),
        KEM_DECAPS("ML-KEM-768 decapsulation", 1),
        ROOT_KEY("Ed25519 root key: check, and its X25519 form", 2);

        final String label;
        final int perHandshake;

        Operation(String label, int perHandshake) {
            this.label = label;
            this.perHandshake = perHandshake;
        }
    }

    private final SecureRandom random = new SecureRandom();
    private final X25519KeyPair local = X25519KeyPair.generate(random);
    private final X25519KeyPair other = X25519KeyPair.generate(random);
    private final byte[] remote = other.publicKey();
    private final MlKem768KeyPair kem = MlKem768KeyPair.generate(random);
    private final byte[] kemKey = kem.publicKey();
    private final byte[] ciphertext;
    private final byte[] rootKey;

    /** Depends on every result, so that the compiler can leave none out. */
    private int sink;

    Asymmetric() {
        try (MlKem768.Encapsulation made = encapsulate()) {
            ciphertext = made.ciphertext();
        }
        try (Identity identity = Identity.generate(random)) {
            rootKey = identity.id().bytes();
        }
    }

    /** Does one operation. */
    void run(Operation operation) {
        switch (operation) {
            case X25519_KEYGEN -> {
                try (X25519KeyPair pair = X25519KeyPair.generate(random)) {
                    use(pair.publicKey());
                }
            }
            case X25519_AGREE -> use(local.agree(remote));
            case KEM_KEYGEN -> {
                try (MlKem768KeyPair pair = MlKem768KeyPair.generate(random)) {
                    use(pair.publicKey());
                }
            }
            case KEM_ENCAPS -> {
                try (MlKem768.Encapsulation made = encapsulate()) {
                    use(made.secret());
                }
            }
            case KEM_DECAPS -> use(kem.decapsulate(ciphertext));
            case ROOT_KEY -> {
                final PeerId id = PeerId.parseWire(rootKey);
                use(id == null ? null : id.x25519Form());
            }
        }
    }

    /** All operations of one handshake. */
    void runAll() {
        for (Operation operation : Operation.values()) {
            for (int i = 0; i < operation.perHandshake; i++) {
                run(operation);
            }
        }
    }

    int sink() {
        return sink;
    }

    private MlKem768.Encapsulation encapsulate() {
        final MlKem768.Encapsulation made = MlKem768.encapsulate(kemKey, random);
        if (made == null) {
            throw new AssertionError("our own key is refused");
        }
        return made;
    }

    private void use(byte @Nullable [] result) {
        if (result == null) {
            throw new AssertionError("our own key is refused");
        }
        sink += result[0];
    }

    @Override
    public void close() {
        local.close();
        other.close();
        kem.close();
    }
}
