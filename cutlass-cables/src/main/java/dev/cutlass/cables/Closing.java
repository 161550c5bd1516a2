package dev.cutlass.cables;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened for something that may yet fail; closed in the reverse order then. One thread. */
final class Closing {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        return resource;
    }

    /** It did not fail. */
    void keep() {
        opened.clear();
    }

    void close() throws IOException {
        for (AutoCloseable resource : opened) {
            try {
                resource.close();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }
}
