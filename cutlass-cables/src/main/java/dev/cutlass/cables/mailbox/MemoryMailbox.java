package dev.cutlass.cables.mailbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Mail in memory, for tests and for programs that take it out at once; gone with the process. Any thread. */
public final class MemoryMailbox implements Mailbox {
    /** Keys that are remembered, so that a repeat is known as one after its mail was taken. */
    private static final int MAX_KEYS = 10_000;

    private final Map<String, byte[]> mails = new LinkedHashMap<>();
    private final Set<String> keys = new LinkedHashSet<>();

    /** An empty one. */
    public MemoryMailbox() {
        // nothing to do
    }

    /**
     * One mail.
     *
     * @param key as {@link Mailbox#deliver} has it
     * @param bytes the mail
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares mails
    public record Mail(String key, byte[] bytes) {}

    @Override
    public synchronized void deliver(String key, byte[] mail) {
        if (keys.add(key)) {
            mails.put(key, mail.clone());
            if (keys.size() > MAX_KEYS) {
                keys.remove(keys.iterator().next());
            }
            notifyAll();
        }
    }

    /** All mail in order of arrival; it is no longer here then. */
    public synchronized List<Mail> take() {
        final List<Mail> taken = new ArrayList<>();
        mails.forEach((key, bytes) -> taken.add(new Mail(key, bytes)));
        mails.clear();
        return taken;
    }

    /** Keys of the mail that is here, in order of arrival. */
    public synchronized List<String> keys() {
        return List.copyOf(mails.keySet());
    }

    /**
     * Waits until so much mail is here.
     *
     * @return false if it did not come in time
     */
    public synchronized boolean await(int count, long millis) throws InterruptedException {
        final long end = System.nanoTime() + millis * 1_000_000;
        while (mails.size() < count) {
            final long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
