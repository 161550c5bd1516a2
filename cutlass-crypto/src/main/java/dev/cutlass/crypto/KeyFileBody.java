package dev.cutlass.crypto;

import dev.cutlass.crypto.bc.Ed25519;
import dev.cutlass.crypto.bc.X25519;
import dev.cutlass.crypto.primitive.Secrets;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a key file contains once it is opened. All of it is secret.
 *
 * <pre>
 * offset  size  field
 *      0     1  version      1
 *      1    32  root key     seed of Ed25519 (RFC 8032)
 *     33     1  device       0: the device uses the root key's X25519 form, nothing follows; 1:
 *     34    32  device key   private key of X25519
 *     66     2  length       of the device record
 *     68     n  record
 * </pre>
 */
final class KeyFileBody {
    private static final int VERSION = 1;
    private static final int ROOT_ONLY = 0;
    private static final int WITH_DEVICE = 1;
    private static final int ROOT_ONLY_LENGTH = Byte.BYTES + Ed25519.KEY_LENGTH + Byte.BYTES;
    private static final int DEVICE_LENGTH = X25519.LENGTH + Short.BYTES;

    private KeyFileBody() {}

    static byte[] encode(Identity identity) {
        DeviceRecord record = identity.device().record();
        byte[] recordBytes = record == null ? new byte[0] : record.encode();
        ByteBuffer out =
                ByteBuffer.allocate(ROOT_ONLY_LENGTH + (record == null ? 0 : DEVICE_LENGTH + recordBytes.length));
        byte[] rootKey = identity.copyOfRootKey();
        out.put((byte) VERSION).put(rootKey).put((byte) (record == null ? ROOT_ONLY : WITH_DEVICE));
        Secrets.wipe(rootKey);
        if (record != null) {
            byte[] deviceKey = identity.device().copyOfPrivateKey();
            out.put(deviceKey).putShort((short) recordBytes.length).put(recordBytes);
            Secrets.wipe(deviceKey);
        }
        return out.array();
    }

    /** The identity, or {@code null} if the bytes are none: then an author of key files made a mistake, or a forger did. */
    static @Nullable Identity decode(byte[] body) {
        if (body.length < ROOT_ONLY_LENGTH || body[0] != VERSION) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(body).position(Byte.BYTES);
        byte[] rootKey = new byte[Ed25519.KEY_LENGTH];
        in.get(rootKey);
        int device = in.get();
        if (device == ROOT_ONLY && !in.hasRemaining()) {
            return Identity.ofRootKey(rootKey, null, null);
        }
        Identity identity = device == WITH_DEVICE ? decodeDevice(rootKey, in) : null;
        if (identity == null) {
            Secrets.wipe(rootKey);
        }
        return identity;
    }

    private static @Nullable Identity decodeDevice(byte[] rootKey, ByteBuffer in) {
        if (in.remaining() < DEVICE_LENGTH) {
            return null;
        }
        byte[] deviceKey = new byte[X25519.LENGTH];
        in.get(deviceKey);
        if (Short.toUnsignedInt(in.getShort()) != in.remaining()) {
            Secrets.wipe(deviceKey);
            return null;
        }
        byte[] recordBytes = new byte[in.remaining()];
        in.get(recordBytes);
        DeviceRecord record = DeviceRecord.decode(recordBytes);
        PeerId root = PeerId.of(Ed25519.publicKey(rootKey));
        // An expired record is no damage: the program that opens the file issues a new one.
        if (record == null || !root.vouchesFor(X25519.publicKey(deviceKey), record, record.notBefore())) {
            Secrets.wipe(deviceKey);
            return null;
        }
        return Identity.ofRootKey(rootKey, deviceKey, record);
    }
}
