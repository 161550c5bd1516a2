package dev.cutlass.cables.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.cables.address.MessageId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MessageQueueTest {
    private static final Path ROOT = Path.of("/home/queue");
    private static final Map<String, byte[]> FILES = Map.of("username", new byte[] {'u'}, "message", new byte[] {'m'});

    static LongStream changes() {
        return LongStream.range(0, 14); // more than there are: the last ones do not happen
    }

    private static MessageId id(int number) {
        return new MessageId(String.format(Locale.ROOT, "%040x", number));
    }

    /** The process that submits dies at each change; the node completes what is a whole. */
    @ParameterizedTest
    @MethodSource("changes")
    void severalMessagesArePutInAllOrNoneWhereverTheProcessDies(long change) throws IOException {
        for (boolean afterIt : new boolean[] {false, true}) {
            final MemoryVolume volume = new MemoryVolume(() -> Instant.EPOCH);
            volume.createDirectory(ROOT);
            final MessageQueue queue = new MessageQueue(volume, ROOT);
            volume.crashAt(change, afterIt);
            boolean wasDone = false;
            try {
                queue.addAll(new TreeMap<>(Map.of(id(1), FILES, id(2), FILES, id(3), FILES)));
                wasDone = true;
            } catch (MemoryVolume.Crash e) {
                volume.revive();
            }
            volume.revive();
            queue.complete();
            final Set<MessageId> there = new TreeSet<>(queue.ids());
            final boolean all = there.equals(Set.of(id(1), id(2), id(3)));
            assertTrue(all || (!wasDone && there.isEmpty()), "change " + change + ": " + there);
            queue.sweep(Instant.EPOCH);
            for (MessageId id : there) {
                assertEquals(FILES.keySet(), queue.find(id).names());
            }
        }
    }

    @Test
    void nothingIsMadeWhereTheVolumeIsAway() throws IOException {
        final MemoryVolume volume = new MemoryVolume(() -> Instant.EPOCH);
        final MessageQueue queue = new MessageQueue(volume, ROOT);
        assertThrows(IOException.class, () -> queue.add(id(1), FILES));
        assertThrows(IOException.class, () -> queue.addAll(Map.of(id(1), FILES)));
        assertEquals(Set.of(), volume.names(ROOT));
        assertEquals(List.of(), queue.ids());
    }
}
