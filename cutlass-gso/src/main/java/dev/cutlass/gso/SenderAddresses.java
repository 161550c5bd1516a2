package dev.cutlass.gso;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The addresses that packets came from last, so that who sends much costs no object for each. Bounded; a stranger can only push another out. Listener only. */
final class SenderAddresses {
    /** A power of two. */
    private static final int SLOTS = 256;

    /** Spreads what differs, mostly the port and the end of the address, over the upper bits: the golden ratio, after Knuth. */
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    private static final int SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SLOTS);

    private final long[] heads = new long[SLOTS];
    private final long[] highs = new long[SLOTS];
    private final long[] lows = new long[SLOTS];
    private final int[] scopes = new int[SLOTS];
    private final @Nullable InetSocketAddress[] addresses = new InetSocketAddress[SLOTS];

    /** The address in a {@code sockaddr}; offsets: see {@link SocketAddress}. */
    InetSocketAddress of(MemorySegment name) {
        final boolean four = name.get(JAVA_SHORT, 0) == Libc.AF_INET;
        final long head = name.get(JAVA_LONG, 0);
        final long high = four ? 0 : name.get(JAVA_LONG, 8);
        final long low = four ? 0 : name.get(JAVA_LONG, 16);
        final int scope = four ? 0 : name.get(JAVA_INT, 24);
        final int slot = (int) ((((head * SPREAD ^ high) * SPREAD ^ low) * SPREAD) >>> SHIFT);
        final InetSocketAddress known = addresses[slot];
        if (known != null && heads[slot] == head && highs[slot] == high && lows[slot] == low && scopes[slot] == scope) {
            return known;
        }
        final InetSocketAddress address = SocketAddress.decode(name);
        heads[slot] = head;
        highs[slot] = high;
        lows[slot] = low;
        scopes[slot] = scope;
        addresses[slot] = address;
        return address;
    }
}
