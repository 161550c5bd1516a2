package dev.cutlass.store.file;

import dev.cutlass.crypto.file.PrivateFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folders in which something may be under way: where {@link PartialFolder#scan} looks after a restart. A line each, as a URI, so that any path is one line. A folder is noted before the first file in it is begun, and struck off when a
 * scan at a start finds nothing. One thread at a time.
 */
public final class PlacesBook {
    /** Name of the file in the folder. */
    static final String FILE = "places";

    /** The earliest are forgotten. */
    static final int MAX_PLACES = 1_000;

    /** Letters of a path as a URI: 4,096 bytes, up to three for each. */
    static final int MAX_TEXT = 12_500;

    private static final int MAX_LENGTH = MAX_PLACES * (MAX_TEXT + 1);

    private final @Nullable Path file;
    private final Set<Path> places = new LinkedHashSet<>();

    private PlacesBook(@Nullable Path file) {
        this.file = file;
    }

    /** A book that ends with the engine. */
    public static PlacesBook inMemory() {
        return new PlacesBook(null);
    }

    /** Opens the book of a folder, which must be there. Lines that are no paths are left out. */
    static PlacesBook open(Path folder) throws IOException {
        final Path file = folder.resolve(FILE);
        final PlacesBook book = new PlacesBook(file);
        if (Files.exists(file)) {
            for (String line :
                    new String(PrivateFiles.read(file, MAX_LENGTH), StandardCharsets.UTF_8).split("\n", -1)) {
                final Path place = path(line.strip());
                if (place != null && book.places.size() < MAX_PLACES) {
                    book.places.add(place);
                }
            }
        }
        return book;
    }

    /** A path as a line of text. */
    public static String text(Path path) {
        return path.toUri().toString();
    }

    /** The path of a text; null if it is none of this machine. */
    static @Nullable Path path(String text) {
        try {
            return text.isEmpty() ? null : Path.of(URI.create(text));
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return null;
        }
    }

    /** All of them, the earliest first. */
    public List<Path> all() {
        return List.copyOf(places);
    }

    /** Notes a folder; the earliest one is forgotten if there are too many. On disk on return; a second time changes nothing. */
    public void add(Path folder) throws StoreException {
        final Path place = folder.toAbsolutePath();
        if (places.add(place)) {
            if (places.size() > MAX_PLACES) {
                places.remove(places.iterator().next()); // here as in the file: else it would never be noted again
            }
            boolean saved = false;
            try {
                save();
                saved = true;
            } finally {
                if (!saved) {
                    places.remove(place); // so that another attempt writes it
                }
            }
        }
    }

    /** Nothing is left there. */
    public void remove(Path folder) throws StoreException {
        if (places.remove(folder.toAbsolutePath())) {
            save();
        }
    }

    private void save() throws StoreException {
        final Path target = file;
        if (target != null) {
            final StringBuilder lines = new StringBuilder();
            for (Path place : places) {
                lines.append(text(place)).append('\n');
            }
            try {
                PrivateFiles.replace(target, lines.toString().getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw StoreException.writing("cannot note a folder", e);
            }
        }
    }
}
