package dev.cutlass.cables;

import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.node.EventThread;
import dev.cutlass.cables.node.NodeListener;
import dev.cutlass.cables.onion.OnionService;
import java.time.Duration;
import java.util.function.Consumer;

/** Brings events to an application's listener. Any thread. */
final class EventQueue implements NodeListener, OnionService.Listener, AutoCloseable {
    private final CablesListener listener;
    private final EventThread thread = new EventThread();

    EventQueue(CablesListener listener) {
        this.listener = listener;
    }

    private void tell(Consumer<CablesListener> event) {
        thread.tell(() -> event.accept(listener));
    }

    @Override
    public void arrived(MessageId id) {
        tell(to -> to.arrived(id));
    }

    @Override
    public void confirmed(MessageId id) {
        tell(to -> to.confirmed(id));
    }

    @Override
    public void givenUp(MessageId id) {
        tell(to -> to.givenUp(id));
    }

    @Override
    public void standby(boolean isAway) {
        tell(to -> to.standby(isAway));
    }

    @Override
    public void diskTrouble(String why) {
        tell(to -> to.diskTrouble(why));
    }

    @Override
    public void clockJumped(Duration by) {
        tell(to -> to.clockJumped(by));
    }

    @Override
    public void onionService(boolean isUp, String why) {
        tell(to -> to.onionService(isUp, why));
    }

    @Override
    public void failed(Throwable why) {
        tell(to -> to.failed(why));
    }

    @Override
    public void close() {
        thread.close();
    }
}
