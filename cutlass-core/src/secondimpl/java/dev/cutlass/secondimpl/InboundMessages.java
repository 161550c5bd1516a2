package dev.cutlass.secondimpl;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The receiving side of one channel: section 5.1. */
final class InboundMessages {
    private static final long MESSAGE_COST = 64;
    private static final int MAX_TYPE = 127;

    /** A message that was put together. An empty type is text. */
    record Received(long number, String contentType, byte[] content) {
        static Received decode(long number, byte[] bytes) {
            In in = new In(bytes);
            long typeLength = in.varint();
            Refused.unless(typeLength <= MAX_TYPE, "length of content type");
            return new Received(number, new String(in.bytes(typeLength), StandardCharsets.US_ASCII), in.rest());
        }

        static byte[] encode(String contentType, byte[] content) {
            return new Out()
                    .varint(contentType.length())
                    .text(contentType)
                    .bytes(content)
                    .toBytes();
        }

        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    private record Assembly(byte[] bytes, TreeSet<Integer> have) {}

    private final NavigableMap<Long, Assembly> open = new TreeMap<>();
    private List<Received> ready = new ArrayList<>();
    private final long channel;
    private long lowest;
    private long charged;

    InboundMessages(long channel) {
        this.channel = channel;
    }

    /** The receipts to answer with. */
    List<Frame> add(Frame.Message fragment) {
        if (fragment.number() < lowest) {
            return List.of(receipt(fragment.number(), 0)); // repeated: its receipt was lost
        }
        Assembly assembly = open.computeIfAbsent(fragment.number(), number -> {
            charged += fragment.total() + MESSAGE_COST;
            return new Assembly(new byte[(int) fragment.total()], new TreeSet<>());
        });
        Refused.unless(assembly.bytes.length == fragment.total(), "another total for the same message");
        for (int i = 0; i < fragment.data().length; i++) {
            int at = (int) fragment.offset() + i;
            assembly.bytes[at] = fragment.data()[i];
            assembly.have.add(at);
        }
        giveUpBelow(fragment.number() - fragment.back());
        return deliver();
    }

    private void giveUpBelow(long number) {
        if (number > lowest) {
            lowest = number;
            open.headMap(number).clear();
        }
    }

    private List<Frame> deliver() {
        List<Frame> receipts = new ArrayList<>();
        for (Assembly next = open.get(lowest);
                next != null && next.have.size() == next.bytes.length;
                next = open.get(lowest)) {
            ready.add(Received.decode(lowest, next.bytes));
            receipts.add(receipt(lowest, 0));
            open.remove(lowest++);
        }
        return receipts;
    }

    private Frame receipt(long number, long code) {
        return new Frame.Receipt(channel, number, 1, code);
    }

    List<Received> take() {
        List<Received> taken = ready;
        ready = new ArrayList<>();
        return taken;
    }

    /** What section 5.2 counts. */
    long charged() {
        return charged;
    }
}
