package dev.cutlass.cables.node;

import dev.cutlass.cables.exchange.KeySource;
import dev.cutlass.cables.pki.DhKeyPair;
import java.security.SecureRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Makes keys ahead, so that a stranger who announces messages does not keep the workers busy. Thread "cutlass-cables-keys" fills it; any thread takes. */
final class KeyStock implements KeySource, Runnable {
    /** Secrets that lie about in memory: as few as help. */
    private static final int CAPACITY = 4;

    private final BlockingQueue<DhKeyPair> stock = new ArrayBlockingQueue<>(CAPACITY);
    private final SecureRandom random;

    KeyStock(SecureRandom random) {
        this.random = random;
    }

    @Override
    public DhKeyPair take() {
        final DhKeyPair made = stock.poll();
        return made == null ? DhKeyPair.draw(random) : made;
    }

    @Override
    public void run() {
        try {
            while (true) {
                stock.put(DhKeyPair.draw(random));
            }
        } catch (InterruptedException e) {
            stock.clear(); // the node stops
        }
    }
}
