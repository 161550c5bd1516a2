package dev.cutlass.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.file.tree.Root;
import dev.cutlass.file.tree.TreeShape;
import dev.cutlass.fixtures.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/files.md section 5. */
final class ManifestTest {
    private static Manifest.Entry file(String name) {
        return new Manifest.Entry(false, 5, 1_000, new Root(1, 2, 3, 4), name);
    }

    private static byte[] write(List<Manifest.Entry> entries) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Manifest.start());
        entries.forEach(entry -> out.writeBytes(Manifest.encode(entry)));
        return out.toByteArray();
    }

    static Manifest.Reader reader(byte[] bytes) {
        return new Manifest.Reader((offset, into, at, most) -> {
            final int length = (int) Math.min(Math.min(most, 7), bytes.length - offset);
            if (length > 0) {
                System.arraycopy(bytes, (int) offset, into, at, length);
            }
            return length;
        });
    }

    private static List<Manifest.Entry> read(Manifest.Reader reader) throws IOException {
        final List<Manifest.Entry> entries = new ArrayList<>();
        for (Manifest.Entry entry; (entry = reader.next()) != null; ) {
            entries.add(entry);
        }
        return entries;
    }

    @ParameterizedTest
    @MethodSource("dev.cutlass.fixtures.Seeds#all")
    void whatWasWrittenIsRead(long seed) {
        Seeds.run(seed, s -> {
            final SplittableRandom random = new SplittableRandom(s);
            final List<Manifest.Entry> entries = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                final boolean folder = random.nextInt(5) == 0;
                final String name =
                        "d" + random.nextInt(3) + "/\u00e9" + entries.size() + "x".repeat(random.nextInt(200));
                entries.add(new Manifest.Entry(
                        folder,
                        folder ? 0 : random.nextLong(TreeShape.MAX_FILE_LENGTH + 1),
                        random.nextLong(-1, 1L << 45),
                        new Root(random.nextLong(), 2, 3, 4),
                        name));
            }
            entries.sort((left, right) -> Manifest.compare(left.name(), right.name()));
            final Manifest.Reader reader = reader(write(entries));

            assertEquals(entries, read(reader));
            assertFalse(reader.isMalformed());
            assertEquals(entries.size(), reader.entries());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/x", "a//b", "e\u0301", "nul", "a\\b"})
    void aNameThatIsNotSafeMakesAllOfItWorthNothing(String name) throws IOException {
        final Manifest.Reader reader = reader(write(List.of(file(" a".strip()), file(name))));
        read(reader);

        assertTrue(reader.isMalformed());
        assertNull(reader.next());
    }

    @Test
    void namesComeInTheOrderOfTheirBytesAndOnce() throws IOException {
        final Manifest.Reader twice = reader(write(List.of(file("a"), file("a"))));
        final Manifest.Reader unordered = reader(write(List.of(file("b"), file("a"))));
        final Manifest.Reader beyondTheBasicPlane = reader(write(List.of(file("\uff5e"), file("\ud83d\ude00"))));
        read(twice);
        read(unordered);
        read(beyondTheBasicPlane);

        assertTrue(twice.isMalformed());
        assertTrue(unordered.isMalformed());
        assertFalse(beyondTheBasicPlane.isMalformed());
    }

    @Test
    void whatIsCutInsideOfAnEntryIsMalformed() throws IOException {
        final byte[] whole = write(List.of(file("a"), file("b")));
        final int first = write(List.of(file("a"))).length;
        for (int length = 0; length <= whole.length; length++) {
            final Manifest.Reader reader = reader(java.util.Arrays.copyOf(whole, length));
            read(reader);

            assertEquals(
                    length != whole.length && length != first && length != Manifest.start().length,
                    reader.isMalformed());
        }
    }
}
