package dev.cutlass.crypto;

import dev.cutlass.crypto.bc.Ed25519;
import dev.cutlass.crypto.primitive.Base32;
import dev.cutlass.crypto.primitive.Hash;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who a peer is: its root key, 32 bytes of Ed25519. A value, immutable, for any thread.
 *
 * <p>Every instance is a key that signatures can be verified with: an encoding that is not canonical, a point of small order and one
 * with a torsion component are refused where they come in (docs/protocol.md section 1.1), so nobody checks again. Two keys of which
 * one verifies what the other signed do not exist among the rest.
 */
public final class PeerId implements Comparable<PeerId> {
    /** Bytes in a key. */
    public static final int LENGTH = Ed25519.KEY_LENGTH;

    /**
     * 24 letters are 120 bits: to find a second key with a given fingerprint takes 2^120 attempts, and somebody with 2^60 attempts
     * finds one that agrees in half of the letters at most, which a person who compares group by group notices. Six groups of four fit on one line.
     */
    private static final int FINGERPRINT_LETTERS = 24;

    private static final int GROUP = 4;
    private static final int REDACTED_LETTERS = 4;

    private final byte[] key;

    /** Every message that comes or goes looks its peer up: once over 32 bytes is enough. */
    private final int hash;

    private PeerId(byte[] key) {
        this.key = key;
        this.hash = Arrays.hashCode(key);
    }

    /**
     * The peer of a key that our own side has, and which therefore should be right.
     *
     * @throws IllegalArgumentException unless these are the canonical 32 bytes of a point of prime order
     */
    public static PeerId of(byte[] key) {
        PeerId id = parseWire(key);
        if (id == null) {
            throw new IllegalArgumentException(
                    key.length == LENGTH
                            ? "not an Ed25519 public key: not canonical, not on the curve, or not of prime order"
                            : "an Ed25519 public key has " + LENGTH + " bytes, not " + key.length);
        }
        return id;
    }

    /** The peer of a key that came from somebody else, or {@code null} if it is none. The bytes are copied. */
    public static @Nullable PeerId parseWire(byte[] key) {
        return Ed25519.isValidPublicKey(key) ? new PeerId(key.clone()) : null;
    }

    /**
     * Reads what {@link #text} writes. Upper case, a missing {@code cutlass:} and white space around are accepted. A wrong letter
     * goes unnoticed in fewer than one of 65,536 cases: the checksum has 16 bits, and of the keys that pass by chance 15 in 16 are no
     * points of prime order.
     *
     * @throws IllegalArgumentException says what is wrong with the text and shows a right one; it does not repeat the text
     */
    public static PeerId parse(String text) {
        PeerId id = parseWire(AddressText.parse(text));
        if (id == null) {
            throw AddressText.wrong("what it stands for is not an Ed25519 public key");
        }
        return id;
    }

    /** {@code cutlass:} and 56 letters: what people and programs pass on to be dialled. */
    public String text() {
        return AddressText.format(key);
    }

    /** Six groups of four letters for people to compare, e.g. {@code k2lp 7xqa ...}. */
    public String fingerprint() {
        String letters = Base32.encode(Hash.SHA_256.of(Labels.prefix(Labels.FINGERPRINT), key));
        StringBuilder grouped = new StringBuilder();
        for (int i = 0; i < FINGERPRINT_LETTERS; i += GROUP) {
            grouped.append(i == 0 ? "" : " ").append(letters, i, i + GROUP);
        }
        return grouped.toString();
    }

    /** The 32 bytes of the key: a copy. */
    public byte[] bytes() {
        return key.clone();
    }

    /** The key's X25519 form, the static key of the device of a one-device identity. It has lost the sign: never a name of the peer. */
    public byte[] x25519Form() {
        return Ed25519.toX25519PublicKeyOfValid(key);
    }

    /**
     * Whether a static key that a handshake authenticated belongs to this peer: by a device record that names it, or, without a
     * record, by being the X25519 form of the root key.
     *
     * @param nowSeconds seconds since 1970, for the record's validity
     */
    public boolean vouchesFor(byte[] staticKey, @Nullable DeviceRecord record, long nowSeconds) {
        return record == null
                ? Arrays.equals(staticKey, x25519Form())
                : Arrays.equals(staticKey, record.staticKey()) && record.verify(this, nowSeconds);
    }

    /** The key as an unsigned number of 32 bytes, most significant first. */
    @Override
    public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(key, other.key);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PeerId that && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /**
     * The first letters and no more, 12 bits of the key: enough to tell the peers of one log apart, not enough to name somebody. Who
     * wants the address to appear calls {@link #text}.
     */
    @Override
    public String toString() {
        return text().substring(0, AddressText.PREFIX.length() + REDACTED_LETTERS) + "…";
    }
}
