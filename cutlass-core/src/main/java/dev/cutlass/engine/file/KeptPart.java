package dev.cutlass.engine.file;

import dev.cutlass.file.wire.Offer;
import dev.cutlass.store.file.PartialFile;
import dev.cutlass.store.file.PartialFolder;
import dev.cutlass.store.file.StoreException;
import dev.cutlass.wire.Id128;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is left on the disk of a transfer that failed, and can go on when the same is offered or asked for again. Immutable.
 *
 * @param children if it is a folder: parts of its files
 */
record KeptPart(PartialFile part, List<PartialFile> children) {
    /** Looks for a part of this content under this name; what others left stays as it is. Null if there is none. Blocks. */
    static @Nullable KeptPart find(PartialFolder folder, Offer offer, FilesContext context) throws StoreException {
        final List<PartialFile> found = folder.scan(context.engine.wallMillis()).found();
        PartialFile same = null;
        for (PartialFile part : found) {
            if (same == null && isOf(part, offer)) {
                same = part;
            }
        }
        final List<PartialFile> children = new ArrayList<>();
        for (PartialFile part : found) {
            if (same != null && part.head().parent().toString().equals(same.id())) {
                children.add(part);
            } else if (part != same) {
                part.close();
            }
        }
        return same == null ? null : new KeptPart(same, children);
    }

    private static boolean isOf(PartialFile part, Offer offer) {
        return part.head().parent().equals(Id128.ZERO)
                && !part.isNamed()
                && part.head().root().equals(offer.root())
                && part.head().folder() == offer.folder()
                && part.head().name().equals(offer.name());
    }
}
