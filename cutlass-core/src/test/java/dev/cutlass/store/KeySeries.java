package dev.cutlass.store;

import dev.cutlass.crypto.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Many keys that nobody has the private halves of: one in sixteen random strings is a key, and to try is cheaper than to multiply. */
final class KeySeries {
    private static final List<String> TEXTS = new ArrayList<>();
    private static final Random RANDOM = new Random(42);

    private KeySeries() {}

    static synchronized String text(int index) {
        while (TEXTS.size() <= index) {
            byte[] bytes = new byte[PeerId.LENGTH];
            RANDOM.nextBytes(bytes);
            PeerId id = PeerId.parseWire(bytes);
            if (id != null) {
                TEXTS.add(id.text());
            }
        }
        return TEXTS.get(index);
    }
}
