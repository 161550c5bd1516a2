package dev.cutlass.file;

import dev.cutlass.file.wire.Offer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the entries of a folder come to, read once from the first to the last before anything is fetched. docs/files.md section 5.
 *
 * @param present bytes of the entries that are there already
 */
public record ManifestSums(long present) {
    /**
     * Adds up.
     *
     * @param missing entries that are not there yet
     * @return {@code null} if the list is malformed, or is not what was offered: the settings and a person decided by the offer
     * @throws IOException if the list cannot be read
     */
    public static @Nullable ManifestSums of(Manifest.Reader entries, GapTree missing, Offer offer) throws IOException {
        long files = 0;
        long rest = offer.total(); // counted down: the lengths of a hostile list have a sum that no long holds
        long present = 0;
        for (Manifest.Entry entry = entries.next(); entry != null; entry = entries.next()) {
            if (entry.length() > rest) {
                return null;
            }
            rest -= entry.length();
            present += missing.isMissing(files) ? 0 : entry.length();
            files++;
        }
        return entries.isMalformed() || files != offer.files() || rest != 0 ? null : new ManifestSums(present);
    }
}
