package dev.cutlass.engine;

import dev.cutlass.event.ConnectFailure;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.DeliveryFailure;
import dev.cutlass.wire.CloseCode;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How an engine ends: peers are told, stragglers are answered for a while, everything is given back and all keys are wiped. */
final class Ending {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

    private final Handle handle;
    private final Life life;
    private final HousekeepingThread housekeeping;
    private final HandlerExecutor handlers;

    Ending(Handle handle, Life life, HousekeepingThread housekeeping, HandlerExecutor handlers) {
        this.handle = handle;
        this.life = life;
        this.housekeeping = housekeeping;
        this.handlers = handlers;
    }

    /** An error of ours, or of this machine: the engine stops, it does not limp. */
    void fail(Throwable cause) {
        if (life.fail(cause)) {
            LOG.error("the engine stops", cause);
        }
        handle.work().wake();
        handle.port().wakeup();
    }

    /** Housekeeping tells all peers. */
    void tellAll(long now) {
        handle.dialer().close(now);
        for (PeerEntry peer : handle.table().peers()) {
            handle.driver()
                    .step(
                            peer,
                            () -> {
                                peer.closeAllLocked(CloseCode.SHUTDOWN, now);
                                peer.failUnsettledLocked(DeliveryFailure.CLOSED);
                                peer.failWaitingLocked(ConnectFailure.CLOSED, "");
                            },
                            now);
        }
    }

    /** Stragglers are answered for a short while, then it is over. */
    void endIfDone(long now) {
        if (life.isClosing() && !life.isOver() && (handle.table().connections() == 0 || life.isLingeringOver(now))) {
            life.end();
            handle.port().wakeup();
        }
    }

    /** The last thing that housekeeping does: gives everything back, and wipes the keys. */
    void release() {
        try {
            final long now = handle.now();
            tellAll(now);
            for (PeerEntry peer : handle.table().peers()) {
                handle.driver()
                        .step(
                                peer,
                                () -> List.copyOf(peer.connections).forEach(entry -> entry.connection.dispose()),
                                now);
                if (peer.offline != null) {
                    handle.cancel(peer.offline.timer);
                }
            }
            housekeeping.turn(now);
            handle.cancel(handle.storage().saveTimer());
            handle.handshakes().close();
        } finally {
            handle.names().close();
            handle.port().close();
            handle.storage().close();
            final Throwable failure = life.failure();
            if (failure != null) {
                handle.notice(new CutlassEvent.Failed(failure));
            }
            handlers.close();
            ended();
        }
    }

    /** The last thing that the listener does: wipes its keys. */
    void listenerEnded() {
        try {
            handle.handshakes().closeGate();
        } finally {
            ended();
        }
    }

    private void ended() {
        if (life.isLastToEnd()) {
            handle.handshakes().closeShared();
        }
        life.released();
    }
}
