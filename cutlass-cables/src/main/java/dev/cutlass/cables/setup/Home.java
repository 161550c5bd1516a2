package dev.cutlass.cables.setup;

import dev.cutlass.cables.pki.OwnKeys;
import dev.cutlass.cables.queue.MessageQueue;
import dev.cutlass.cables.queue.Volume;
import dev.cutlass.crypto.file.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A home folder that was made.
 *
 * @param folder where things are
 * @param keys the user
 * @param settings what its file says
 */
public record Home(HomeFolder folder, OwnKeys keys, Settings settings) {
    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if there is none, or what is there is no good: names file and line, and says what to do
     */
    public static Home open(Volume volume, HomeFolder folder, Instant now) throws IOException {
        final byte[] text = volume.read(folder.settings(), SettingsFile.MAX_LENGTH);
        if (text == null) {
            throw new IllegalArgumentException(
                    folder.settings() + " is not there: make a home with \"cables init --home " + folder.path()
                            + " --host NAME\", or go on with a half-made one in the same way");
        }
        final Settings settings = SettingsFile.parse(folder.settings(), folder.path(), text);
        for (String name : List.of(HomeFolder.ROOT_KEY, HomeFolder.SIGN_KEY)) {
            final Path key = folder.keys().resolve(name);
            if (Files.exists(key) && PrivateFiles.isOpenToOthers(key)) {
                throw new IllegalArgumentException(key
                        + " can be read by others on this machine: chmod 600 it, and consider who may have read it");
            }
        }
        return new Home(folder, new KeyFiles(volume, folder).read(now), settings);
    }

    /** Where the queues are, unless somebody says otherwise. */
    public Path queues() {
        return settings.queues() == null ? folder.path() : settings.queues();
    }

    /** Messages of ours, below a directory of queues. */
    public static MessageQueue outgoing(Volume volume, Path queues) {
        return new MessageQueue(volume, queues.resolve("queue"));
    }

    /** Messages of others. */
    public static MessageQueue incoming(Volume volume, Path queues) {
        return new MessageQueue(volume, queues.resolve("rqueue"));
    }
}
