package dev.cutlass.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.wire.Id128;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A target folder on the disk of this machine, and what tests do with it. */
abstract class PartialFileScene {
    static final Id128 ID = new Id128(0x0123456789abcdefL, 0xfedcba9876543210L);
    static final Fetched SOME = new Fetched(random(3 * TreeShape.BLOCK + 5));

    @TempDir
    Path temporary;

    Path target;
    PartialFolder folder;

    static byte[] random(int length) {
        final byte[] bytes = new byte[length];
        new SplittableRandom(7).nextBytes(bytes);
        return bytes;
    }

    @BeforeEach
    void makeTarget() throws IOException {
        target = Files.createDirectory(temporary.toRealPath().resolve("d"));
        folder = new PartialFolder(SafeFolder.of(target, false));
    }

    final PartialFile begin(Fetched what, String name) throws IOException {
        return folder.create(ID, what.head(name, false));
    }

    final PartialFile complete(Fetched what, String name) throws IOException {
        final PartialFile file = begin(what, name);
        what.bring(file, new SplittableRandom(1));
        return file;
    }

    final Path work(String suffix) {
        return target.resolve(".cutlass").resolve(ID + suffix);
    }

    final Set<String> names() throws IOException {
        try (Stream<Path> all = Files.walk(temporary)) {
            return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .map(path -> temporary.relativize(path).toString().replace('\\', '/'))
                    .collect(Collectors.toSet());
        }
    }

    final PartialFile only() throws IOException {
        final PartialFolder.Scan scan = folder.scan(0);
        assertEquals(List.of(), scan.failed());
        assertEquals(1, scan.found().size());
        return scan.found().get(0);
    }

    static TransferFailure failure(Executable call) {
        return assertThrows(StoreException.class, call).failure();
    }
}
