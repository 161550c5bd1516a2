package dev.cutlass.secondimpl;

import dev.cutlass.crypto.bc.Ed25519;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What ties a device's static key to a root key: sections 1.1 and 1.3. */
record DeviceRecord(long serial, long notBefore, long notAfter, byte[] staticKey, List<Integer> suites) {
    private static final int MAX_SUITES = 8;

    byte[] signed(byte[] rootSeed) {
        byte[] body = body();
        return Out.join(
                body, Ed25519.sign(rootSeed, Primitives.label("device-record"), Ed25519.publicKey(rootSeed), body));
    }

    /** Reads a record and verifies its signature, not its validity in time. */
    static DeviceRecord decode(byte[] rootKey, byte[] bytes) {
        In in = new In(bytes);
        long serial = in.integer(8);
        long notBefore = in.integer(8);
        long notAfter = in.integer(8);
        byte[] staticKey = in.bytes(32);
        int count = in.octet();
        Refused.unless(count >= 1 && count <= MAX_SUITES, "count of suites");
        List<Integer> suites = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            suites.add((int) in.integer(2));
        }
        byte[] signature = in.bytes(64);
        in.end();
        DeviceRecord record = new DeviceRecord(serial, notBefore, notAfter, staticKey, suites);
        boolean holds = Ed25519.verify(rootKey, signature, Primitives.label("device-record"), rootKey, record.body());
        Refused.unless(holds, "signature of device record");
        return record;
    }

    /**
     * That this root key stands behind the static key which Noise authenticated.
     *
     * @param record null where the payload has none
     */
    static void requireBinding(byte[] rootKey, byte @Nullable [] record, byte[] staticKey, long nowSeconds) {
        requireRootKey(rootKey);
        if (record == null) {
            Refused.unless(
                    Arrays.equals(Ed25519.toX25519PublicKey(rootKey), staticKey), "static key is not the root's");
            return;
        }
        DeviceRecord device = decode(rootKey, record);
        Refused.unless(Arrays.equals(device.staticKey, staticKey), "static key is not the record's");
        boolean valid = device.notBefore <= nowSeconds && nowSeconds <= device.notAfter;
        Refused.unless(valid, "device record is not valid now");
        Refused.unless(device.suites.contains(Noise.SUITE), "device record without this suite");
    }

    static void requireRootKey(byte[] rootKey) {
        Refused.unless(Ed25519.isValidPublicKey(rootKey), "root key");
    }

    private byte[] body() {
        Out out = new Out()
                .integer(8, serial)
                .integer(8, notBefore)
                .integer(8, notAfter)
                .bytes(staticKey)
                .integer(1, suites.size());
        suites.forEach(suite -> out.integer(2, suite));
        return out.toBytes();
    }
}
