package dev.cutlass.crypto;

import dev.cutlass.crypto.bc.Ed25519;
import dev.cutlass.crypto.bc.X25519;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A root key's word that a static key is one of its devices. docs/protocol.md section 1.3. A value, for any thread; well formed by
 * its type, but believed only after {@link #verify}.
 *
 * <pre>
 * offset  size  field
 *      0     8  serial       a later record of the same device has a higher one
 *      8     8  not before   seconds since 1970-01-01T00:00Z
 *     16     8  not after    likewise, inclusive
 *     24    32  static key   X25519
 *     56     1  count        of suites, 1 to 8
 *     57    2n  suites
 *  57+2n    64  signature    kind "device-record", over root key || all bytes before the signature
 * </pre>
 */
public final class DeviceRecord {
    /** A device that speaks more suites than this names its best ones. */
    public static final int MAX_SUITES = 8;

    /** Bytes in the longest record. */
    public static final int MAX_LENGTH = length(MAX_SUITES);

    private static final int COUNT_OFFSET = 3 * Long.BYTES + X25519.LENGTH;
    private static final int SUITE_LIMIT = 1 << Short.SIZE;

    private final long serial;
    private final long notBefore;
    private final long notAfter;
    private final byte[] staticKey;
    private final List<Integer> suites;
    private final byte[] signature;

    private DeviceRecord(
            long serial, long notBefore, long notAfter, byte[] staticKey, List<Integer> suites, byte[] signature) {
        this.serial = serial;
        this.notBefore = notBefore;
        this.notAfter = notAfter;
        this.staticKey = staticKey;
        this.suites = suites;
        this.signature = signature;
    }

    /**
     * Signs a record.
     *
     * @param serial 0 or more, higher than that of any earlier record of the same device
     * @param notBefore first second of its validity, since 1970
     * @param notAfter last second of its validity, since 1970
     * @param suites 1 to {@value #MAX_SUITES} numbers of 16 bits
     * @throws IllegalArgumentException if a value is out of range
     */
    static DeviceRecord sign(
            Identity root, long serial, long notBefore, long notAfter, byte[] staticKey, List<Integer> suites) {
        if (serial < 0 || notBefore < 0 || notAfter < notBefore) {
            throw new IllegalArgumentException("serial " + serial + ", valid from " + notBefore + " to " + notAfter);
        }
        if (suites.isEmpty()
                || suites.size() > MAX_SUITES
                || !suites.stream().allMatch(suite -> suite >= 0 && suite < SUITE_LIMIT)) {
            throw new IllegalArgumentException("suites: 1 to " + MAX_SUITES + " numbers of 16 bits, not " + suites);
        }
        DeviceRecord unsigned = new DeviceRecord(
                serial,
                notBefore,
                notAfter,
                staticKey.clone(),
                List.copyOf(suites),
                new byte[Ed25519.SIGNATURE_LENGTH]);
        byte[] signature = root.sign(Labels.DEVICE_RECORD, unsigned.signedBytes(root.id()));
        return new DeviceRecord(serial, notBefore, notAfter, unsigned.staticKey, unsigned.suites, signature);
    }

    /** Reads exactly one record; {@code null} if these bytes are none. Says nothing about its signature. */
    public static @Nullable DeviceRecord decode(byte[] bytes) {
        if (bytes.length <= COUNT_OFFSET) {
            return null;
        }
        int count = bytes[COUNT_OFFSET] & 0xff;
        if (count == 0 || count > MAX_SUITES || bytes.length != length(count)) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long serial = in.getLong();
        long notBefore = in.getLong();
        long notAfter = in.getLong();
        if (serial < 0 || notBefore < 0 || notAfter < notBefore) {
            return null; // as unsigned numbers these lie 292 billion years ahead: nobody means them
        }
        byte[] staticKey = new byte[X25519.LENGTH];
        in.get(staticKey).get();
        List<Integer> suites = IntStream.range(0, count)
                .mapToObj(i -> Short.toUnsignedInt(in.getShort()))
                .toList();
        byte[] signature = new byte[Ed25519.SIGNATURE_LENGTH];
        in.get(signature);
        return new DeviceRecord(serial, notBefore, notAfter, staticKey, suites, signature);
    }

    /** The bytes that {@link #decode} reads. */
    public byte[] encode() {
        return ByteBuffer.allocate(length(suites.size()))
                .put(bodyBytes())
                .put(signature)
                .array();
    }

    /**
     * Whether the root key signed this record and it is valid now.
     *
     * @param nowSeconds seconds since 1970
     */
    public boolean verify(PeerId root, long nowSeconds) {
        return nowSeconds >= notBefore
                && nowSeconds <= notAfter
                && Identity.verify(root, Labels.DEVICE_RECORD, signedBytes(root), signature);
    }

    /** Orders the records of one device: the highest counts. */
    public long serial() {
        return serial;
    }

    /** The first second of its validity, since 1970. */
    public long notBefore() {
        return notBefore;
    }

    /** The last second of its validity, since 1970. */
    public long notAfter() {
        return notAfter;
    }

    /** The device's static key, 32 bytes of X25519: a copy. */
    public byte[] staticKey() {
        return staticKey.clone();
    }

    /** The numbers of the suites that the device speaks. */
    public List<Integer> suites() {
        return suites;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DeviceRecord that && Arrays.equals(encode(), that.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(signature);
    }

    /** Names no key, so that a log does not by accident. */
    @Override
    public String toString() {
        return "DeviceRecord[serial " + serial + ", valid " + notBefore + " to " + notAfter + "]";
    }

    private byte[] signedBytes(PeerId root) {
        byte[] body = bodyBytes();
        return ByteBuffer.allocate(PeerId.LENGTH + body.length)
                .put(root.bytes())
                .put(body)
                .array();
    }

    private byte[] bodyBytes() {
        ByteBuffer out = ByteBuffer.allocate(length(suites.size()) - Ed25519.SIGNATURE_LENGTH)
                .putLong(serial)
                .putLong(notBefore)
                .putLong(notAfter)
                .put(staticKey)
                .put((byte) suites.size());
        suites.forEach(suite -> out.putShort(suite.shortValue()));
        return out.array();
    }

    private static int length(int suites) {
        return COUNT_OFFSET + Byte.BYTES + suites * Short.BYTES + Ed25519.SIGNATURE_LENGTH;
    }
}
