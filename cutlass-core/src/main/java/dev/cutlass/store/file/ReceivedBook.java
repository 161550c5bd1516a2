package dev.cutlass.store.file;

import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What we have received lately: who offers it again, because it did not hear of that, is answered DONE. docs/files.md section 2.5. The file has records of type 2, an id (16) each. {@link #contains}: any thread; else one at a
 * time.
 */
public final class ReceivedBook implements Closeable {
    /** Name of the file in the folder. */
    static final String FILE = "received";

    /** The latest ones count. */
    static final int MAX_REMEMBERED = 10_000;

    private static final byte[] MAGIC = "CUTR\1".getBytes(StandardCharsets.US_ASCII);
    private static final int RECEIVED = 2;

    private final @Nullable RecordLog log;
    private final Set<Id128> ids = ConcurrentHashMap.newKeySet();
    private final Deque<Id128> order = new ArrayDeque<>();

    private ReceivedBook(@Nullable Path file) throws IOException {
        log = file == null ? null : RecordLog.open(file, MAGIC, this::read);
    }

    /** A book that ends with the engine. */
    public static ReceivedBook inMemory() {
        try {
            return new ReceivedBook(null);
        } catch (IOException e) {
            throw new AssertionError("nothing was opened", e);
        }
    }

    /** Opens the book of a folder, which must be there. */
    static ReceivedBook open(Path folder) throws IOException {
        return new ReceivedBook(folder.resolve(FILE));
    }

    private void read(int type, Bytes body) {
        if (type == RECEIVED && body.length() == Id128.LENGTH) {
            remember(Id128.of(body.toArray(), 0));
        }
    }

    private boolean remember(Id128 id) {
        final boolean isNew = ids.add(id);
        if (isNew) {
            order.add(id);
            if (order.size() > MAX_REMEMBERED) {
                ids.remove(order.remove());
            }
        }
        return isNew;
    }

    public boolean contains(Id128 id) {
        return ids.contains(id);
    }

    /** Notes that a transfer is complete. On disk on return; a second time changes nothing. */
    public void add(Id128 id) throws StoreException {
        if (remember(id) && log != null) {
            boolean written = false;
            try {
                log.append(new RecordLog.Entry(RECEIVED, Bytes.of(id.toArray())), order.size(), this::entries);
                written = true;
            } catch (IOException e) {
                throw StoreException.writing("cannot note what was received", e);
            } finally {
                if (!written) {
                    ids.remove(id); // so that another attempt writes it
                    order.removeLast();
                }
            }
        }
    }

    private List<RecordLog.Entry> entries() {
        return order.stream()
                .map(id -> new RecordLog.Entry(RECEIVED, Bytes.of(id.toArray())))
                .toList();
    }

    @Override
    public void close() throws StoreException {
        if (log != null) {
            try {
                log.close();
            } catch (IOException e) {
                throw StoreException.writing("cannot close the book of what was received", e);
            }
        }
    }
}
