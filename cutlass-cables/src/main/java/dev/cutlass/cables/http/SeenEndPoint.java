package dev.cutlass.cables.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/** A connection's socket, of which {@link TargetForms} sees what is read. Jetty's threads, one at a time. */
final class SeenEndPoint extends SocketChannelEndPoint {
    private final TargetForms forms = new TargetForms();

    SeenEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
        super(channel, selector, key, scheduler);
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        final int count = super.fill(buffer);
        for (int i = buffer.limit() - Math.max(0, count); i < buffer.limit(); i++) {
            forms.see(buffer.get(i));
        }
        return count;
    }

    /** Of the next request that is handled. */
    boolean takeBeginsWithSlash() {
        return forms.take();
    }
}
