package dev.cutlass.examples.cables;

import dev.cutlass.cables.CablesHome;
import dev.cutlass.examples.CommandFailure;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose node it is. */
final class HomeOption {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            required = true,
            description = "The folder with keys and settings, which init makes.")
    private Path home = Path.of("");

    Path path() {
        return home;
    }

    /** Opens it, with the queues in another directory if one is given. */
    CablesHome open(@Nullable Path queues) throws CommandFailure {
        try {
            final CablesHome opened = CablesHome.open(home);
            return queues == null ? opened : opened.withQueues(queues);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), SysExits.CONFIG);
        } catch (IOException e) {
            throw new CommandFailure(e.toString(), SysExits.IOERR);
        }
    }
}
