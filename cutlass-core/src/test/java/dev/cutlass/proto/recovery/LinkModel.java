package dev.cutlass.proto.recovery;

import dev.cutlass.wire.AckRanges;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * A bottleneck of a certain rate with a drop-tail queue, the same delay for all, random loss in both directions, and senders with {@link LossRecovery} on one side
 * and receivers with {@link AckTracker} on the other: whole connections without bytes, so that half a minute of 100 Mbit/s takes a second. Loss happens after the bottleneck.
 */
final class LinkModel {
    static final long MS = 1_000_000;
    static final long SECOND = 1_000 * MS;
    static final int PACKET = 1_200;
    private static final int ACK_BYTES = 50;

    private record Event(long at, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final SplittableRandom random;
    private final List<Flow> flows = new ArrayList<>();
    private double bytesPerNano;
    private final long queueBytes;
    private final long oneWay;
    private final double loss;
    private long tick;
    private long jitter;
    private double reorder;
    private long now;
    private long order;
    private double busyUntil;
    long dropped;

    /** @param queue in round trips of the link's rate */
    LinkModel(double megabits, long rttNanos, double queue, double loss, long seed) {
        bytesPerNano = megabits / 8 / 1_000;
        oneWay = rttNanos / 2;
        queueBytes = (long) (queue * rttNanos * bytesPerNano);
        this.loss = loss;
        random = new SplittableRandom(seed);
    }

    /** Deadlines are met only at multiples of this: as the engine's timer wheel does. */
    LinkModel tick(long nanos) {
        tick = nanos;
        return this;
    }

    /** So many packets take up to so much longer, and are overtaken. */
    LinkModel reorder(double share, long nanos) {
        reorder = share;
        jitter = nanos;
        return this;
    }

    void setRate(double megabits) {
        bytesPerNano = megabits / 8 / 1_000;
    }

    Flow flow(CongestionController controller, long startAt) {
        final Flow flow = new Flow(controller);
        flows.add(flow);
        at(startAt, flow::send);
        return flow;
    }

    void at(long time, Runnable action) {
        events.add(new Event(Math.max(now, time), order++, action));
    }

    long now() {
        return now;
    }

    void run(long until) {
        while (!events.isEmpty() && events.peek().at <= until) {
            final Event event = events.poll();
            now = event.at;
            event.action.run();
        }
        now = until;
    }

    /** How long a packet would wait that came now. */
    long queueNanos() {
        return (long) Math.max(0, busyUntil - now);
    }

    /** Bytes per second that the link carries, without what it loses. */
    double capacity() {
        return bytesPerNano * 1e9 * (1 - loss);
    }

    private void forward(int bytes, Runnable arrival) {
        final double waiting = Math.max(0, busyUntil - now);
        if (waiting * bytesPerNano + bytes > queueBytes + PACKET) {
            dropped++;
            return;
        }
        busyUntil = now + waiting + bytes / bytesPerNano;
        if (random.nextDouble() >= loss) {
            at((long) busyUntil + oneWay + delay(), arrival);
        }
    }

    private void back(Runnable arrival) {
        if (random.nextDouble() >= loss) {
            at(now + oneWay, arrival);
        }
    }

    private long delay() {
        return reorder > 0 && random.nextDouble() < reorder ? random.nextLong(jitter) : 0;
    }

    /** One connection that sends as much as it may, or what it is told to. */
    final class Flow implements LossRecovery.Listener<Long> {
        final CongestionController controller;
        final LossRecovery<Long> recovery;
        private final AckTracker tracker = new AckTracker();
        private final ArrayDeque<Long> again = new ArrayDeque<>();
        private final BitSet arrived = new BitSet();
        private long next;
        private long offered = Long.MAX_VALUE;
        private long wakeAt = Deadlines.NONE;
        private long ackAt = Deadlines.NONE;
        private int acks;
        private int probes;

        /** All that it sends is bulk, and has to pass the {@link BulkLimit} as well. */
        private boolean bulk;

        long delivered;
        long duplicates;
        long sent;

        Flow(CongestionController controller) {
            this.controller = controller;
            recovery = new LossRecovery<>(() -> controller, this, new SplittableRandom(7));
        }

        /** So many packets in all from now on; nothing more until this is called again. */
        void offer(long packets) {
            offered = (offered == Long.MAX_VALUE ? next : offered) + packets;
            send();
        }

        Flow asBulk() {
            bulk = true;
            return this;
        }

        void pause() {
            offered = next;
        }

        @Override
        public void onAcked(Long content, long at) {
            if (bulk) {
                recovery.onBulkAcked(PACKET);
            }
        }

        @Override
        public void onLost(Long content, long at) {
            again.add(content);
            if (bulk) {
                recovery.onBulkLost(PACKET);
            }
        }

        private void send() {
            while (true) {
                if (probes == 0 && !recovery.canSend(PACKET)) {
                    break;
                }
                if (probes == 0 && recovery.releaseTime(PACKET, now) > now) {
                    break;
                }
                if (again.isEmpty() && next >= offered) {
                    if (probes == 0) {
                        recovery.onAppLimited();
                        break;
                    }
                }
                if (probes == 0 && bulk && bulkRelease() > now) {
                    recovery.onAppLimited();
                    break;
                }
                probes = Math.max(0, probes - 1);
                transmit(again.isEmpty() ? next++ : again.poll());
            }
            wake();
        }

        private void transmit(long content) {
            final long number = recovery.nextNumber();
            if (bulk) {
                recovery.bulk().onSent(PACKET, now);
            }
            recovery.onPacketSent(PACKET, true, content, now);
            sent++;
            forward(PACKET, () -> arrive(number, content));
        }

        private long bulkRelease() {
            return recovery.bulk().canSend(PACKET) ? recovery.bulk().releaseTime(PACKET, now) : Deadlines.NONE;
        }

        private void wake() {
            long deadline = recovery.deadline();
            if (recovery.canSend(PACKET) && (next < offered || !again.isEmpty())) {
                final long release = recovery.releaseTime(PACKET, now);
                deadline = Math.min(deadline, bulk ? Math.max(release, bulkRelease()) : release);
            }
            if (deadline == Deadlines.NONE || deadline >= wakeAt && wakeAt > now) {
                return; // somebody comes anyway
            }
            final long wanted = tick == 0 ? deadline : (deadline / tick + 1) * tick;
            wakeAt = Math.max(now + 1, wanted);
            at(wakeAt, this::onWake);
        }

        private void onWake() {
            if (now < wakeAt) {
                return;
            }
            wakeAt = Deadlines.NONE;
            if (now >= recovery.deadline() && recovery.onTimeout(now) == LossRecovery.Expiry.PROBE) {
                probes = 2;
                recovery.giveBackOldest(now);
                recovery.giveBackOldest(now);
            }
            send();
        }

        private void arrive(long number, long content) {
            if (arrived.get((int) content)) {
                duplicates++;
            } else {
                arrived.set((int) content);
                delivered += PACKET;
            }
            tracker.onReceived(number, true, now);
            acknowledge();
        }

        private void acknowledge() {
            if (!tracker.isDue(now)) {
                if (tracker.deadline() < ackAt) {
                    ackAt = tracker.deadline();
                    at(ackAt, () -> {
                        ackAt = Deadlines.NONE;
                        if (tracker.isWanted()) {
                            acknowledge();
                        }
                    });
                }
                return;
            }
            final long[] ranges = tracker.ranges();
            final long delay = tracker.delayMicros(now);
            final boolean acknowledged = ++acks % 16 == 0;
            tracker.onAckSent();
            back(() -> {
                if (recovery.onAck(AckRanges.of(ranges), delay, now) == LossRecovery.AckResult.NEVER_SENT) {
                    throw new AssertionError("ACK of a packet that was never sent");
                }
                if (acknowledged) {
                    forward(ACK_BYTES, () -> tracker.onAckOfAck(ranges[0]));
                }
                send();
            });
        }
    }

    /** A flow alone on a link: the share of what the link can carry that arrives between {@code from} and {@code to}. */
    static double alone(
            Supplier<? extends CongestionController> controller,
            double megabits,
            long rtt,
            double queue,
            double loss,
            long seed,
            long from,
            long to) {
        final LinkModel link = new LinkModel(megabits, rtt, queue, loss, seed).tick(1 << 20);
        return link.share(link.flow(controller.get(), 0), from, to);
    }

    /** Of what the link can carry, what a flow has between {@code from} and {@code to}. */
    double share(Flow flow, long from, long to) {
        run(from);
        final long before = flow.delivered;
        run(to);
        return (flow.delivered - before) / (capacity() * (to - from) / SECOND);
    }
}
