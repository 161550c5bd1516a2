package dev.cutlass.cables.node;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.exchange.Remote;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * What workers fetch through. Few of them may compute at a time, many may wait for the network: a worker has a turn to compute, gives it back while it waits here, and takes one again. Who waits here when the node stops is interrupted;
 * nobody is interrupted while it writes. Any thread.
 */
final class PatientRemote implements Remote {
    private static final Fetched STOPPING = new Fetched.Unreachable("the node stops");

    private final Remote remote;
    private final Semaphore turns;
    private final Set<Thread> waiting = new HashSet<>();
    private boolean isStopped;

    PatientRemote(Remote remote, int turns) {
        this.remote = remote;
        this.turns = new Semaphore(turns, true);
    }

    /** Takes a turn to compute; {@link #leave} must follow on the same thread. */
    void enter() {
        turns.acquireUninterruptibly();
    }

    void leave() {
        turns.release();
    }

    @Override
    public Fetched get(CablesAddress node, String path, int maxLength) {
        synchronized (this) {
            if (isStopped) {
                return STOPPING;
            }
            waiting.add(Thread.currentThread());
        }
        turns.release();
        try {
            return remote.get(node, path, maxLength);
        } finally {
            turns.acquireUninterruptibly();
            synchronized (this) {
                waiting.remove(Thread.currentThread());
                if (isStopped) {
                    Thread.interrupted(); // it was meant for the network alone; what follows may write
                }
            }
        }
    }

    synchronized void stop() {
        isStopped = true;
        waiting.forEach(Thread::interrupt);
    }
}
