package dev.cutlass.secondimpl;

import dev.cutlass.crypto.bc.MlKem768;
import dev.cutlass.crypto.bc.MlKem768KeyPair;
import dev.cutlass.crypto.bc.X25519;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One side of one Noise handshake, revision 34 with hybrid forward secrecy: section 3.2. */
final class Noise {
    static final int VERSION = 2;
    static final int SUITE = 1;
    private static final int KEY = 32;

    private final Mode mode;
    private final boolean initiator;
    private final byte[] staticPrivate;
    private final byte[] ephemeralPrivate;
    /** The seed (d || z, 64 bytes) of the initiator's ML-KEM key, or the 32 bytes m that the responder encapsulates. */
    private final byte[] kemRandomness;

    private final UnaryOperator<byte[]> pskOfInitiator;

    private byte[] chainingKey;
    private byte[] hash;
    private byte @Nullable [] key;
    private long nonce;
    private int message;
    private byte @Nullable [] remoteStatic;
    private byte @Nullable [] remoteEphemeral;
    private byte @Nullable [] remoteKemKey;

    /**
     * @param responderStatic what the initiator of stealth mode knows; else null
     * @param psk the psk to use, given the initiator's static key
     */
    Noise(
            Mode mode,
            boolean initiator,
            byte[] staticPrivate,
            byte @Nullable [] responderStatic,
            byte[] ephemeralPrivate,
            byte[] kemRandomness,
            UnaryOperator<byte[]> psk) {
        this.mode = mode;
        this.initiator = initiator;
        this.staticPrivate = staticPrivate;
        this.ephemeralPrivate = ephemeralPrivate;
        this.kemRandomness = kemRandomness;
        this.pskOfInitiator = psk;
        hash = Primitives.hash(mode.protocolName.getBytes(StandardCharsets.US_ASCII)); // a name longer than 32 bytes
        chainingKey = hash;
        mixHash(new Out()
                .bytes(Primitives.label("prologue"))
                .integer(1, VERSION)
                .integer(1, mode.number)
                .integer(2, SUITE)
                .toBytes());
        if (mode == Mode.STEALTH) {
            remoteStatic = responderStatic;
            mixHash(initiator ? present(responderStatic) : X25519.publicKey(staticPrivate));
        }
    }

    byte[] write(byte[] payload) {
        message++;
        Out out = new Out();
        for (String token : mode.tokens(message)) {
            switch (token) {
                case "e" -> {
                    byte[] mine = X25519.publicKey(ephemeralPrivate);
                    out.bytes(mine);
                    mixHash(mine);
                    mixKey(mine); // as in every psk pattern
                }
                case "s" -> out.bytes(encryptAndHash(X25519.publicKey(staticPrivate)));
                case "e1" ->
                    out.bytes(encryptAndHash(MlKem768KeyPair.of(kemRandomness).publicKey()));
                case "ekem1" -> {
                    MlKem768.Encapsulation made = encapsulate(present(remoteKemKey), kemRandomness);
                    out.bytes(encryptAndHash(made.ciphertext()));
                    mixKey(made.secret());
                }
                default -> mix(token);
            }
        }
        return out.bytes(encryptAndHash(payload)).toBytes();
    }

    /** The payload of the other side's message. If it throws, nothing has changed. */
    byte[] read(byte[] bytes) {
        byte[] chainingKeyBefore = chainingKey;
        byte[] hashBefore = hash;
        byte[] keyBefore = key;
        long nonceBefore = nonce;
        byte[] staticBefore = remoteStatic;
        try {
            return readMessage(new In(bytes));
        } catch (Refused e) {
            chainingKey = chainingKeyBefore;
            hash = hashBefore;
            key = keyBefore;
            nonce = nonceBefore;
            remoteStatic = staticBefore;
            message--;
            throw e;
        }
    }

    private byte[] readMessage(In in) {
        message++;
        for (String token : mode.tokens(message)) {
            switch (token) {
                case "e" -> {
                    byte[] theirs = in.bytes(KEY);
                    remoteEphemeral = theirs;
                    mixHash(theirs);
                    mixKey(theirs);
                }
                case "s" -> remoteStatic = decryptAndHash(in.bytes(KEY + Primitives.TAG_LENGTH));
                case "e1" -> {
                    byte[] theirs = decryptAndHash(in.bytes(MlKem768.PUBLIC_KEY_LENGTH + Primitives.TAG_LENGTH));
                    Refused.unless(MlKem768.isValidPublicKey(theirs), "bad ML-KEM key");
                    remoteKemKey = theirs;
                }
                case "ekem1" -> {
                    byte[] theirs = decryptAndHash(in.bytes(MlKem768.CIPHERTEXT_LENGTH + Primitives.TAG_LENGTH));
                    mixKey(present(MlKem768KeyPair.of(kemRandomness).decapsulate(theirs)));
                }
                default -> mix(token);
            }
        }
        return decryptAndHash(in.rest());
    }

    private void mix(String token) {
        switch (token) {
            case "ee" -> mixKey(Primitives.agree(ephemeralPrivate, present(remoteEphemeral)));
            case "es" ->
                mixKey(
                        initiator
                                ? Primitives.agree(ephemeralPrivate, present(remoteStatic))
                                : Primitives.agree(staticPrivate, present(remoteEphemeral)));
            case "se" ->
                mixKey(
                        initiator
                                ? Primitives.agree(staticPrivate, present(remoteEphemeral))
                                : Primitives.agree(ephemeralPrivate, present(remoteStatic)));
            case "psk" -> {
                byte[] initiatorStatic = initiator ? X25519.publicKey(staticPrivate) : present(remoteStatic);
                byte[][] out = derive(3, pskOfInitiator.apply(initiatorStatic));
                chainingKey = out[0];
                mixHash(out[1]);
                key = out[2];
                nonce = 0;
            }
            default -> throw new AssertionError(token);
        }
    }

    byte[] chainingKey() {
        return chainingKey;
    }

    byte[] handshakeHash() {
        return hash;
    }

    byte[] remoteStatic() {
        return present(remoteStatic);
    }

    /** The two keys of Split: those of the initiator's and of the responder's direction. */
    byte[][] split() {
        return derive(2, Primitives.EMPTY);
    }

    private void mixHash(byte[] data) {
        hash = Primitives.hash(hash, data);
    }

    private void mixKey(byte[] input) {
        byte[][] out = derive(2, input);
        chainingKey = out[0];
        key = out[1];
        nonce = 0;
    }

    /** Noise's HKDF (section 4.3 of its revision 34). */
    private byte[][] derive(int outputs, byte[] input) {
        byte[] all = Primitives.expand(Primitives.extract(chainingKey, input), Primitives.EMPTY, outputs * KEY);
        byte[][] out = new byte[outputs][];
        for (int i = 0; i < outputs; i++) {
            out[i] = Arrays.copyOfRange(all, i * KEY, (i + 1) * KEY);
        }
        return out;
    }

    private byte[] encryptAndHash(byte[] plain) {
        byte[] sealed = Primitives.seal(Primitives.CHACHA20_POLY1305, present(key), nextNonce(), hash, plain);
        mixHash(sealed);
        return sealed;
    }

    private byte[] decryptAndHash(byte[] sealed) {
        byte[] plain = Primitives.open(Primitives.CHACHA20_POLY1305, present(key), nextNonce(), hash, sealed);
        mixHash(sealed);
        return plain;
    }

    private byte[] nextNonce() {
        return ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0)
                .putLong(nonce++)
                .array();
    }

    private static <T> T present(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    static MlKem768.Encapsulation encapsulate(byte[] publicKey, byte[] randomness) {
        MlKem768.Encapsulation made = MlKem768.encapsulate(publicKey, new Fixed(randomness));
        Refused.unless(made != null, "bad ML-KEM key");
        return present(made);
    }

    /** Gives the same bytes to whoever asks. */
    private static final class Fixed extends SecureRandom {
        private final byte[] bytes;

        Fixed(byte[] bytes) {
            super(null, null); // no seeding
            this.bytes = bytes;
        }

        @Override
        public void nextBytes(byte[] out) {
            System.arraycopy(bytes, 0, out, 0, out.length);
        }
    }
}
