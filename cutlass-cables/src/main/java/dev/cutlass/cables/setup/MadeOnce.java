package dev.cutlass.cables.setup;

import dev.cutlass.cables.queue.Volume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Remembers which directories outside the home were made. One that was made and is not there lies on a volume that is away: to make it again, on the empty place where the volume is mounted at other times, would hide mail from its user.
 */
public final class MadeOnce {
    private static final int MAX_LENGTH = 1 << 20;

    private final Volume volume;
    private final Path file;

    /** For a home whose lock the caller has. */
    public MadeOnce(Volume volume, HomeFolder home) {
        this.volume = volume;
        this.file = home.books().resolve("directories");
    }

    /** Whether a directory is to be made. */
    public boolean isNew(Path directory) throws IOException {
        final byte[] lines = volume.read(file, MAX_LENGTH);
        return lines == null
                || new String(lines, StandardCharsets.UTF_8).lines().noneMatch(line(directory)::equals);
    }

    /** It was made. */
    public void made(Path directory) throws IOException {
        if (isNew(directory)) {
            volume.append(file, (line(directory) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String line(Path directory) {
        return directory.toAbsolutePath().normalize().toString().replace('\n', ' ');
    }
}
