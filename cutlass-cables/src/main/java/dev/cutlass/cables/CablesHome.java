package dev.cutlass.cables;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.address.UserName;
import dev.cutlass.cables.exchange.Outbox;
import dev.cutlass.cables.mail.MailException;
import dev.cutlass.cables.pki.OwnKeys;
import dev.cutlass.cables.queue.IncomingState;
import dev.cutlass.cables.queue.MessageDirectory;
import dev.cutlass.cables.queue.MessageQueue;
import dev.cutlass.cables.queue.OutgoingState;
import dev.cutlass.cables.queue.RealVolume;
import dev.cutlass.cables.queue.Volume;
import dev.cutlass.cables.setup.Home;
import dev.cutlass.cables.setup.HomeFolder;
import dev.cutlass.cables.setup.HomeLock;
import dev.cutlass.cables.setup.HomeMaker;
import dev.cutlass.cables.setup.MadeOnce;
import dev.cutlass.cables.setup.SignKeyRenewal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user's folder: keys, settings, queues. What is here works whether or not a node runs in the folder, in this process or another. Blocks on the disk; any thread.
 */
public final class CablesHome {
    private final Volume volume;
    private final Home home;
    private final Path queues;

    private CablesHome(Volume volume, Home home, Path queues) {
        this.volume = volume;
        this.home = home;
        this.queues = queues;
    }

    /** Hears how the making of a home goes; on the thread that makes it. */
    public interface Progress {
        /** A step begins; for a person. */
        default void begins(String step) {}

        /** The step goes on: some ten to a thousand times while keys are made, nobody knows how often. */
        default void goesOn() {}
    }

    /**
     * Makes a home, or goes on with one whose making was cut off. With keys of 8,192 bits it takes a minute, seldom several.
     *
     * @param hosts names under which the node can be reached, at least one; the first is the usual one
     * @param rsaBits of the keys, 2,048 to 16,384; the network's usual is 8,192, and less than 3,072 is for tests
     * @throws IllegalArgumentException if there is a whole home already, or something else in the folder
     * @throws InterruptedIOException if the thread is interrupted while keys are made; another call goes on
     */
    public static CablesHome create(Path folder, List<HostName> hosts, int rsaBits, Progress progress)
            throws IOException {
        new HomeMaker(new RealVolume(), new HomeFolder(folder), new HomeMaker.Progress() {
                    @Override
                    public void begins(String step) {
                        progress.begins(step);
                    }

                    @Override
                    public void goesOn() {
                        progress.goesOn();
                    }
                })
                .make(hosts, rsaBits, Instant.now());
        return open(folder);
    }

    /**
     * Makes the key of an onion service (version 3) in a folder that is a home or is to become one, or finds the one that is there. A node makes the service itself then: {@link
     * CablesNode.Builder#torControl}.
     *
     * @return the name, for {@link #create}, or for the settings of a home that is there
     * @throws IllegalArgumentException if there is something else in the folder, or the key there is no good
     */
    public static HostName createOnion(Path folder) throws IOException {
        return new HomeMaker(new RealVolume(), new HomeFolder(folder), new HomeMaker.Progress() {
                    @Override
                    public void begins(String step) {}

                    @Override
                    public void goesOn() {}
                })
                .makeOnion();
    }

    /**
     * Opens one.
     *
     * @throws IllegalArgumentException if there is none, or keys or settings are no good: names file and line, and says what to do
     */
    public static CablesHome open(Path folder) throws IOException {
        return open(new RealVolume(), folder);
    }

    static CablesHome open(Volume volume, Path folder) throws IOException {
        final Home home = Home.open(volume, new HomeFolder(folder), Instant.now());
        return new CablesHome(volume, home, home.queues());
    }

    /** The same home with the queues in another directory than the settings say, where {@code queue} and {@code rqueue} are or will be made. */
    public CablesHome withQueues(Path directory) {
        return new CablesHome(volume, home, directory);
    }

    /** The size from which RSA keys are more than tests: smaller ones deserve a warning. */
    public static int leastSoundBits() {
        return OwnKeys.LEAST_SOUND_BITS;
    }

    /** Who this is. */
    public UserName user() {
        return home.keys().user();
    }

    /** All addresses of the user; the first is the usual one. */
    public List<CablesAddress> addresses() {
        return home.settings().hosts().stream()
                .map(host -> new CablesAddress(user(), host))
                .toList();
    }

    /**
     * Takes a mail: RFC 5322, with one of {@link #addresses} in From. When this returns it will be sent to all its recipients, also if the machine stops now; when it throws, to none.
     *
     * @return a message for each recipient; empty if the mail names none
     * @throws IOException if the queue is away or the disk does not do
     */
    public Map<MessageId, CablesAddress> send(byte[] mail) throws MailRefused, IOException {
        makeQueues();
        try {
            return outbox().submit(mail, Instant.now());
        } catch (MailException e) {
            throw new MailRefused(e);
        }
    }

    /** Makes the queues the first time that they are used; never again, since they may lie on a volume that is away. */
    void makeQueues() throws IOException {
        final MadeOnce madeOnce = new MadeOnce(volume, home.folder());
        if (madeOnce.isNew(queues)) {
            volume.createDirectory(outgoing().root());
            volume.createDirectory(incoming().root());
            madeOnce.made(queues);
        }
    }

    /** Whether the queues are away just now, with the volume on which they lie: what fails for that reason may be tried again later. */
    public boolean isAway() throws IOException {
        return !outgoing().isThere() || !incoming().isThere();
    }

    Outbox outbox() {
        return new Outbox(
                user(),
                home.settings().hosts(),
                outgoing(),
                home.settings().limits().maxMail(),
                new SecureRandom());
    }

    /** All messages that are not over, the eldest first. */
    public List<MessageStatus> status() throws IOException {
        final List<MessageStatus> all = new ArrayList<>();
        for (boolean ours : new boolean[] {true, false}) {
            final MessageQueue queue = ours ? outgoing() : incoming();
            for (MessageId id : queue.ids()) {
                final MessageDirectory message = queue.find(id);
                if (message != null) {
                    all.add(new MessageStatus(id, ours, message.peer(), message.begun(), state(message, ours)));
                }
            }
        }
        all.sort(Comparator.comparing(MessageStatus::begun).thenComparing(MessageStatus::id));
        return List.copyOf(all);
    }

    private static String state(MessageDirectory message, boolean ours) throws IOException {
        return ours
                ? switch (OutgoingState.of(message.names())) {
                    case NEW -> "waiting for the recipient's key";
                    case SENT -> "sent; waiting for the recipient to confirm it";
                    case CONFIRMED -> "confirmed by the recipient; the receipt is being written";
                    case ACKNOWLEDGED -> "delivered; the recipient is being told that we know";
                    case BROKEN -> "broken; will be given up";
                }
                : switch (IncomingState.of(message.names())) {
                    case ANNOUNCED -> "announced; a key is being made for it";
                    case KEY_READY -> "announced; waiting for the sender to send it";
                    case WANTED -> "being fetched from the sender";
                    case RECEIVED -> "in the mailbox; waiting for the sender to hear of it";
                    case BROKEN -> "broken; will be given up";
                };
    }

    /** Who runs a node in this home, for a person; {@code null} if nobody does. */
    public @Nullable String runner() throws IOException {
        return HomeLock.holder(home.folder());
    }

    /**
     * Makes another key that signs, under the same user name, for when the old one may be known to others; with keys of 8,192 bits it takes a minute. No node may run here meanwhile. What the old key signed is signed anew.
     *
     * @throws IOException if a node runs here
     */
    @SuppressWarnings("try") // the lock is only held
    public CablesHome renewSignKey(int rsaBits) throws IOException {
        try (HomeLock lock = HomeLock.take(home.folder())) {
            new SignKeyRenewal(volume, home.folder(), new SecureRandom()).renew(rsaBits, Instant.now());
        }
        return new CablesHome(volume, Home.open(volume, home.folder(), Instant.now()), queues);
    }

    Home home() {
        return home;
    }

    Volume volume() {
        return volume;
    }

    MessageQueue outgoing() {
        return Home.outgoing(volume, queues);
    }

    MessageQueue incoming() {
        return Home.incoming(volume, queues);
    }

    Path queues() {
        return queues;
    }
}
