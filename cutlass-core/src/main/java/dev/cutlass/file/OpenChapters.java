package dev.cutlass.file;

import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.tree.TreeShape;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The chapters whose hashes are in memory, or were asked for. One thread at a time. */
final class OpenChapters<H> {
    /** 32 KiB each. One is worked on, one is the next, two wait for slow holders. */
    static final int MAX = 4;

    private final Map<Long, ChapterHashes> verified = new HashMap<>();
    private final Map<Long, FetchRequest<H>> asked = new HashMap<>();

    boolean hasRoom() {
        return verified.size() + asked.size() < MAX;
    }

    boolean noneIsVerified() {
        return verified.isEmpty();
    }

    boolean isOpen(long chapter) {
        return verified.containsKey(chapter) || asked.containsKey(chapter);
    }

    @Nullable
    ChapterHashes verified(long chapter) {
        return verified.get(chapter);
    }

    @Nullable
    FetchRequest<H> asked(long chapter) {
        return asked.get(chapter);
    }

    void ask(long chapter, FetchRequest<H> request) {
        asked.put(chapter, request);
    }

    void notAsked(long chapter) {
        asked.remove(chapter);
    }

    void verify(ChapterHashes hashes) {
        asked.remove(hashes.chapter());
        verified.put(hashes.chapter(), hashes);
    }

    /** Forgets a chapter of which nothing is missing any more. */
    void closeIfComplete(long chapter, GapTree gaps) {
        final long missing = gaps.nextMissing(TreeShape.firstBlock(chapter));
        if (missing == GapTree.NONE || TreeShape.chapterOf(missing) > chapter) {
            verified.remove(chapter);
        }
    }
}
