package dev.cutlass.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.wire.Id128;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class ManifestSumsTest {
    private static final Root ROOT = new Root(1, 2, 3, 4);

    private static Offer offer(long files, long total) {
        return new Offer(new Id128(1, 2), true, false, ROOT, 100, files, total, -1, "folder");
    }

    private static byte[] list(int files, long length) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Manifest.start());
        for (int i = 0; i < files; i++) {
            out.writeBytes(Manifest.encode(
                    new Manifest.Entry(false, length, -1, ROOT, String.format(Locale.ROOT, "f%06d", i))));
        }
        return out.toByteArray();
    }

    private static Manifest.Reader reader(byte[] bytes) {
        return new Manifest.Reader((offset, into, at, most) -> {
            final int length = (int) Math.min(most, bytes.length - offset);
            System.arraycopy(bytes, (int) offset, into, at, length);
            return length;
        });
    }

    @Test
    void whatIsThereIsAddedUp() throws IOException {
        final GapTree missing = GapTree.all(3);
        missing.fill(1, 2);
        assertEquals(new ManifestSums(7), ManifestSums.of(reader(list(3, 7)), missing, offer(3, 21)));
    }

    @Test
    void aListThatIsNotWhatWasOfferedIsRefused() throws IOException {
        assertNull(ManifestSums.of(reader(list(3, 7)), GapTree.all(3), offer(3, 20)));
        assertNull(ManifestSums.of(reader(list(3, 7)), GapTree.all(3), offer(3, 22)));
        assertNull(ManifestSums.of(reader(list(3, 7)), GapTree.all(3), offer(2, 21)));
        assertNull(ManifestSums.of(reader(new byte[] {1, 2, 3}), GapTree.all(3), offer(0, 0)));
    }

    /** 2^18 files of 2^46 bytes are 2^64, which a long takes for nothing: it would pass every limit. */
    @Test
    void lengthsWhoseSumWrapsAroundAreRefused() throws IOException {
        final int files = 1 << 18;
        assertNull(
                ManifestSums.of(reader(list(files, TreeShape.MAX_FILE_LENGTH)), GapTree.all(files), offer(files, 0)));
    }
}
