package dev.cutlass.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.Cutlass;
import dev.cutlass.Peer;
import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.primitive.StaticKey;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application still holds of a closed engine leads to no key: reachable objects are walked by reflection, those of the JDK as far as its collections go. */
final class ClosedEngineTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Shorter arrays are no keys, and turn up by chance. */
    private static final int LEAST_KEY = 16;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noKeyIsReachableFromWhatIsLeft(boolean stealth) {
        List<Object> left = new ArrayList<>();
        List<Secret> secrets;
        try (TestNetwork network = TestNetwork.simulated(11)) {
            TestPeer mine = network.peer(
                    "mine",
                    settings -> settings.stealth(stealth)
                            .psk(Identity.generate(new SeededSecureRandom(1)).id(), new byte[32]));
            TestPeer other = network.peer("other", settings -> settings.stealth(stealth));
            network.runFor(Duration.ofSeconds(1));
            Cutlass cutlass = mine.cutlass();
            Peer peer = network.await(cutlass.connect(stealth ? other.address().withStealth() : other.address()));
            network.await(peer.send("a secret").toCompletableFuture());
            assertTrue(network.runUntil(() -> !other.received(mine).isEmpty(), LIMIT));
            left.addAll(List.of(cutlass, peer, mine.identity()));
            secrets = keys(reachable(left));
            assertTrue(secrets.size() > 8, "the walk finds the keys of a live conversation: " + secrets);
        }
        Set<Object> still = reachable(left);
        List<String> kept = secrets.stream()
                .filter(secret -> still.stream().anyMatch(object -> secret.isIn(object)))
                .map(Secret::toString)
                .toList();

        assertEquals(List.of(), kept);
    }

    /** A key as it was while the engine lived. */
    private static final class Secret {
        private final String where;
        private final byte[] value;

        Secret(String where, byte[] value) {
            this.where = where;
            this.value = value.clone();
        }

        boolean isIn(Object object) {
            return object instanceof byte[] bytes && Arrays.equals(bytes, value);
        }

        @Override
        public String toString() {
            return where + " of " + value.length + " bytes";
        }
    }

    /** The byte arrays of classes that hold secrets. */
    private static List<Secret> keys(Set<Object> objects) {
        List<Secret> found = new ArrayList<>();
        for (Object object : objects) {
            String name = object.getClass().getName();
            if (name.matches(
                    "dev\\.cutlass\\.(crypto\\.(Identity|Device|bc\\..*KeyPair|packet\\..*|primitive\\.(RawKey|Hmac|.*Key)|noise\\..*)|proto\\.handshake\\.(HandshakeKeys|MaskKeys))")) {
                for (Object value : values(object)) {
                    if (value instanceof byte[] bytes
                            && bytes.length >= LEAST_KEY
                            && !isZero(bytes)
                            && !(object instanceof StaticKey key && Arrays.equals(bytes, key.publicKey()))) {
                        found.add(new Secret(name, bytes));
                    }
                }
            }
        }
        return found;
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static Set<Object> reachable(Collection<Object> roots) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>(roots);
        while (!open.isEmpty()) {
            Object object = open.pop();
            if (seen.add(object)) {
                open.addAll(values(object));
            }
        }
        return seen;
    }

    /** What an object refers to. */
    private static List<Object> values(Object object) {
        List<Object> values = new ArrayList<>();
        if (object instanceof Object[] array) {
            for (Object element : array) {
                add(values, element);
            }
        } else if (object instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                add(values, key);
                add(values, value);
            });
        } else if (object instanceof Collection<?> collection) {
            collection.forEach(element -> add(values, element));
        } else if (object instanceof ByteBuffer buffer && buffer.hasArray()) {
            add(values, buffer.array());
        } else if (!object.getClass().isArray()) {
            for (Class<?> type = object.getClass(); type != null && isOurs(type); type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (!field.getType().isPrimitive() && !Modifier.isStatic(field.getModifiers())) {
                        add(values, get(field, object));
                    }
                }
            }
        }
        return values;
    }

    /** The test kit holds the simulation and other peers: not what an application has. */
    private static boolean isOurs(Class<?> type) {
        String name = type.getName();
        return (name.startsWith("dev.cutlass.") || name.startsWith("org.bouncycastle."))
                && !name.startsWith("dev.cutlass.testkit.")
                && !name.startsWith("dev.cutlass.fixtures.");
    }

    private static Object get(Field field, Object object) {
        field.setAccessible(true);
        try {
            return field.get(object);
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void add(List<Object> values, Object value) {
        if (value != null) {
            values.add(value);
        }
    }
}
