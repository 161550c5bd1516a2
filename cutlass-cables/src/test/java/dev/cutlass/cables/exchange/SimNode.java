package dev.cutlass.cables.exchange;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.mail.Gzip;
import dev.cutlass.cables.mailbox.Mailbox;
import dev.cutlass.cables.pki.OwnKeys;
import dev.cutlass.cables.pki.ShortKeys;
import dev.cutlass.cables.queue.Books;
import dev.cutlass.cables.queue.MemoryVolume;
import dev.cutlass.cables.queue.MessageLocks;
import dev.cutlass.cables.queue.MessageQueue;
import dev.cutlass.cables.queue.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One node on a disk in memory, which may die at any change of it and is started again after a while. */
final class SimNode {
    private static final Path HOME = Path.of("/home");

    final CablesAddress address;
    final MemoryVolume volume;

    /** What the user finds, by key; as on a disk, what has one key is there once. */
    final Map<String, String> mailbox = new HashMap<>();

    /** Keys of all deliveries, also repeated ones. */
    final List<String> deliveries = new ArrayList<>();

    private final SimWorld world;
    private final OwnKeys keys;
    private final Limits limits;
    private final ShortKeys shortKeys;
    private Running running;
    private int epoch;
    private boolean isUp = true;
    int crashes;

    private record Running(NodeDisk disk, Requests requests, OutgoingSteps outgoing, IncomingSteps incoming) {}

    SimNode(SimWorld world, OwnKeys keys, HostName host, Limits limits) {
        this.world = world;
        this.keys = keys;
        this.limits = limits;
        this.address = new CablesAddress(keys.user(), host);
        this.volume = new MemoryVolume(world::now);
        this.shortKeys = new ShortKeys(world.random);
        world.add(this);
        running = start();
        timer(false, epoch);
        timer(true, epoch);
    }

    private Running start() {
        try {
            for (String directory : List.of("queue", "rqueue")) {
                volume.createDirectory(HOME.resolve(directory));
            }
            final NodeDisk disk = new NodeDisk(
                    new MessageQueue(volume, HOME.resolve("queue")),
                    new MessageQueue(volume, HOME.resolve("rqueue")),
                    new MessageLocks(),
                    new MessageLocks(),
                    Books.open(volume, HOME.resolve("books")));
            final Mailbox box = this::deliver;
            final SecureRandom random = new SecureRandom();
            final int mine = epoch;
            final Requests requests = new Requests(keys, disk, limits, new Requests.Wake() {
                @Override
                public void outgoing(MessageId id) {
                    world.at(Duration.ofMillis(1), () -> visit(id, true, mine));
                }

                @Override
                public void incoming(MessageId id) {
                    world.at(Duration.ofMillis(1), () -> visit(id, false, mine));
                }
            });
            final ExchangeTools tools = new ExchangeTools(keys, disk, world::get, box, limits, random, shortKeys::draw);
            return new Running(disk, requests, new OutgoingSteps(tools), new IncomingSteps(tools));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void deliver(String key, byte[] mail) {
        deliveries.add(key);
        mailbox.put(key, new String(mail, StandardCharsets.UTF_8));
    }

    boolean isUp() {
        return isUp;
    }

    Answer answer(String path) {
        return running.requests().answer(path, world.now());
    }

    /** Somebody here sends a mail; the id tells it from others. */
    void send(MessageId id, CablesAddress to, String text) {
        try {
            running.disk()
                    .outgoing()
                    .add(
                            id,
                            Map.of(
                                    Names.USER, bytes(to.user().text()),
                                    Names.HOST, bytes(to.host().text()),
                                    Names.OWN_USER, bytes(address.user().text()),
                                    Names.OWN_HOST, bytes(address.host().text()),
                                    Names.HEADER, bytes("Subject: [vfy] " + text),
                                    Names.MESSAGE, Gzip.compress(bytes("Subject: " + text + "\n\n" + text)),
                                    Names.SEND_REQ, new byte[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MemoryVolume.Crash e) {
            died();
            // The command died: whoever typed it tries again, unless the mail is in the queue. Again under this id it
            // would be
            // taken for the finished one; a real command draws another.
            if (!volume.names(HOME.resolve("queue")).contains(id.text())) {
                world.at(Duration.ofHours(1), () -> send(id, to, text));
            }
            return;
        }
        final int mine = epoch;
        world.at(Duration.ZERO, () -> visit(id, true, mine));
    }

    private static byte[] bytes(String text) {
        return (text + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private void timer(boolean ours, int mine) {
        world.at(Duration.ofMillis(75_000 + world.random.nextInt(150_000)), () -> {
            if (mine != epoch) {
                return;
            }
            try {
                queue(ours).sweep(world.now());
                queue(ours).ids().stream().sorted().forEach(id -> visit(id, ours, mine));
            } catch (IOException e) {
                // a full disk: next time
            } catch (MemoryVolume.Crash e) {
                died();
            }
            timer(ours, mine);
        });
    }

    private MessageQueue queue(boolean ours) {
        return ours ? running.disk().outgoing() : running.disk().incoming();
    }

    private void visit(MessageId id, boolean ours, int mine) {
        if (mine != epoch || !isUp) {
            return;
        }
        try {
            final Next next = ours
                    ? running.outgoing().visit(id, world.now())
                    : running.incoming().visit(id, world.now());
            if (!next.isTimer()) {
                world.at(next.delay(), () -> visit(id, ours, mine));
            }
        } catch (IOException e) {
            // a full disk: the timer comes again
        } catch (MemoryVolume.Crash e) {
            died();
        }
    }

    /** The process is gone; somebody starts it again. */
    void died() {
        if (!isUp) {
            return;
        }
        crashes++;
        isUp = false;
        epoch++;
        volume.revive();
        world.at(Duration.ofSeconds(1 + world.random.nextInt(600)), this::restart);
    }

    private void restart() {
        isUp = true;
        running = start();
        timer(false, epoch);
        timer(true, epoch);
        world.at(Duration.ofSeconds(1), () -> scan(epoch));
    }

    private void scan(int mine) {
        try {
            for (boolean ours : new boolean[] {true, false}) {
                queue(ours).ids().forEach(id -> visit(id, ours, mine));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Messages that are not over, in both queues, and what else lies there. */
    List<String> left() {
        final List<String> left = new ArrayList<>(volume.names(HOME.resolve("queue")));
        left.addAll(volume.names(HOME.resolve("rqueue")));
        return left;
    }
}
