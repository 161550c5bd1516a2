package dev.cutlass.store.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.file.GapTree;
import dev.cutlass.file.JournalCodec;
import dev.cutlass.file.JournalReader;
import dev.cutlass.file.JournalRecord;
import dev.cutlass.file.JournalState;
import dev.cutlass.file.tree.ChapterHashes;
import dev.cutlass.file.wire.FieldReader;
import dev.cutlass.file.wire.Hashes;
import dev.cutlass.wire.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The journal of a partial file. docs/files.md section 7.2. One thread at a time. */
final class JournalFile implements Closeable {
    private final Disk.OpenFile file;
    private JournalState state = new JournalState();
    private long headEnd;
    private long end;

    private JournalFile(Disk.OpenFile file) {
        this.file = file;
    }

    /** Begins one, in an empty file. */
    static JournalFile begin(Disk.OpenFile file, JournalRecord.Head head) throws IOException {
        final JournalFile journal = new JournalFile(file);
        journal.append(head);
        journal.headEnd = journal.end;
        return journal;
    }

    /**
     * Reads one and cuts off what is not valid at its end.
     *
     * @return null if it is void
     */
    static @Nullable JournalFile read(Disk.OpenFile file) throws IOException {
        final JournalFile journal = new JournalFile(file);
        journal.end = new JournalReader((offset, into, at, most) -> file.read(offset, ByteBuffer.wrap(into, at, most)))
                .readAll(journal.state);
        if (journal.end == 0) {
            return null;
        }
        journal.headEnd = JournalCodec.encode(journal.state.head(), 0).length;
        if (file.length() > journal.end) {
            file.setLength(journal.end);
            file.force(true); // else what was cut could show again behind what is written now, and be valid there
        }
        return journal;
    }

    JournalState state() {
        return state;
    }

    /** Adds a record. Not on disk yet. If it fails, the next one takes its place. */
    void append(JournalRecord record) throws IOException {
        final byte[] bytes = JournalCodec.encode(record, end);
        file.write(end, ByteBuffer.wrap(bytes));
        state.onRecord(record, end);
        end += bytes.length;
    }

    void force() throws IOException {
        file.force(false);
    }

    /** Forgets which blocks were written: nothing of them is there any more. On disk on return. */
    void beginAnew() throws IOException {
        final JournalState before = state;
        final JournalRecord.Head head = before.head();
        file.setLength(headEnd);
        end = headEnd;
        state = new JournalState();
        state.onRecord(head, 0);
        final String target = before.target();
        if (head.folder() && target != null) {
            append(new JournalRecord.Target(target));
        }
        for (JournalRecord present : presentEntries(before)) {
            append(present);
        }
        for (PeerId holder : before.holders()) {
            if (!holder.equals(head.peer())) {
                append(new JournalRecord.OtherHolder(holder));
            }
        }
        if (before.isPaused()) {
            append(new JournalRecord.Paused(true));
        }
        file.force(true);
    }

    /** The entries of a folder that are done: what the gaps leave. */
    private static List<JournalRecord> presentEntries(JournalState of) {
        final List<JournalRecord> present = new ArrayList<>();
        if (of.head().folder()) {
            final GapTree rest = GapTree.all(of.head().files());
            of.entryGaps().forEach(rest::fill);
            rest.forEach((first, end) -> present.add(new JournalRecord.Present(true, first, end - first)));
        }
        return present;
    }

    /** Hashes that were noted; null if they were not, or cannot be read any more. Not verified. */
    @Nullable
    ChapterHashes chapter(long chapter) throws IOException {
        final long offset = state.chapterOffset(chapter);
        if (offset < 0) {
            return null;
        }
        final ByteBuffer header = ByteBuffer.allocate(JournalCodec.HEADER);
        file.read(offset, header);
        final int length = header.getInt(1);
        if (header.hasRemaining() || length < 0 || length > JournalCodec.MAX_BODY) {
            return null;
        }
        final ByteBuffer body = ByteBuffer.allocate(length);
        file.read(offset + JournalCodec.HEADER, body);
        return body.hasRemaining() ? null : Hashes.readHashes(new FieldReader(Bytes.of(body.array())));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
