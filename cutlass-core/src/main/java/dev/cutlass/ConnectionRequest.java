package dev.cutlass;

import dev.cutlass.engine.ApplicationSide;
import dev.cutlass.event.CutlassEvent;

/**
 * A peer that is not known wants to be connected, or is who answered where we dialled without a key: the keys are agreed on, and nothing but keep-alives flows until
 * somebody decides. Without a decision within 120 s it is refused. Any thread; the first decision counts.
 */
public final class ConnectionRequest {
    private final ApplicationSide engine;
    private final CutlassEvent.ConnectionRequested event;

    ConnectionRequest(ApplicationSide engine, CutlassEvent.ConnectionRequested event) {
        this.engine = engine;
        this.event = event;
    }

    /** Who, from where, and how it calls itself. */
    public CutlassEvent.ConnectionRequested event() {
        return event;
    }

    /** Admits the peer and remembers it. */
    public void accept() {
        engine.control().decide(event.peer(), true);
    }

    /** Refuses the peer; it is told so. It is not remembered and may ask again. */
    public void refuse() {
        engine.control().decide(event.peer(), false);
    }
}
