package dev.cutlass.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.CutlassEvent;
import dev.cutlass.event.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HandlerQueueTest {
    private static final PeerId PEER = PeerId.parse("cutlass:ahlvvgabqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbtm");

    private final List<CutlassEvent> handled = new ArrayList<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private int rooms;

    private final HandlerExecutor executor = new HandlerExecutor(handled::add, tasks::add);
    private final HandlerQueue queue = executor.newQueue(() -> rooms++);

    @BeforeEach
    void forgetTheTaskThatTriedTheExecutor() {
        assertFalse(executor.isDirect());
        tasks.clear();
    }

    private static CutlassEvent message(int number) {
        return new CutlassEvent.MessageReceived(PEER, "", Message.text("m" + number));
    }

    private static CutlassEvent notice(int number) {
        return new CutlassEvent.NickChanged(PEER, "", "n" + number);
    }

    @Test
    void eventsAreHandledInOrderByOneTaskAtATime() {
        List<CutlassEvent> offered = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            CutlassEvent event = i % 3 == 0 ? notice(i) : message(i);
            offered.add(event);
            if (i % 3 == 0) {
                queue.offerNotice(event);
            } else {
                assertTrue(queue.offerMessage(event));
            }
            queue.dispatch();
        }
        assertEquals(1, tasks.size());
        tasks.remove().run();

        assertEquals(offered, handled);
    }

    @Test
    void offeringRunsNothing() {
        assertTrue(queue.offerMessage(message(1)));

        assertTrue(tasks.isEmpty());
    }

    @Test
    void aMessageTooManyIsNotTakenAndRoomIsToldAtHalf() {
        for (int i = 0; i < HandlerQueue.MESSAGES; i++) {
            assertTrue(queue.offerMessage(message(i)));
        }
        assertFalse(queue.offerMessage(message(-1)));
        queue.dispatch();
        tasks.remove().run();

        assertEquals(HandlerQueue.MESSAGES, handled.size());
        assertEquals(1, rooms);
    }

    @Test
    void messagesDoNotTakeThePlacesOfNotices() {
        for (int i = 0; i < HandlerQueue.MESSAGES; i++) {
            assertTrue(queue.offerMessage(message(i)));
        }
        for (int i = 0; i <= HandlerQueue.NOTICES; i++) {
            queue.offerNotice(notice(i));
        }
        queue.dispatch();
        tasks.remove().run();

        assertEquals(HandlerQueue.MESSAGES + HandlerQueue.NOTICES, handled.size());
        assertEquals(1, executor.lostNotices());
    }

    @Test
    void anExecutorThatRunsOnTheSameThreadIsSeenToBeDirect() {
        assertTrue(new HandlerExecutor(handled::add, Runnable::run).isDirect());
        assertFalse(new HandlerExecutor(handled::add, null).isDirect());
    }

    @Test
    void aHandlerThatThrowsDoesNotStopTheOthers() {
        HandlerExecutor failing = new HandlerExecutor(
                event -> {
                    handled.add(event);
                    throw new IllegalStateException("on purpose");
                },
                Runnable::run);
        HandlerQueue failingQueue = failing.newQueue(() -> {});
        failingQueue.offerNotice(notice(1));
        failingQueue.offerNotice(notice(2));
        failingQueue.dispatch();

        assertEquals(2, handled.size());
    }

    @Test
    void whatARejectingExecutorDidNotTakeComesWithTheNextEvent() {
        boolean[] rejects = {true};
        HandlerExecutor moody = new HandlerExecutor(handled::add, task -> {
            if (rejects[0]) {
                throw new RejectedExecutionException("on purpose");
            }
            task.run();
        });
        HandlerQueue moodyQueue = moody.newQueue(() -> {});
        moodyQueue.offerNotice(notice(1));
        moodyQueue.dispatch();
        rejects[0] = false;
        moodyQueue.offerNotice(notice(2));
        moodyQueue.dispatch();

        assertEquals(List.of(notice(1), notice(2)), handled);
    }

    @Test
    void aHandlerThatBlocksDelaysNoOtherPeer() throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            HandlerExecutor shared = new HandlerExecutor(
                    event -> {
                        if (event.equals(notice(1))) {
                            await(blocked);
                        } else {
                            other.countDown();
                        }
                    },
                    threads);
            HandlerQueue slow = shared.newQueue(() -> {});
            HandlerQueue quick = shared.newQueue(() -> {});
            slow.offerNotice(notice(1));
            slow.dispatch();
            quick.offerNotice(notice(2));
            quick.dispatch();

            assertTrue(other.await(10, TimeUnit.SECONDS));
        } finally {
            blocked.countDown();
            threads.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
