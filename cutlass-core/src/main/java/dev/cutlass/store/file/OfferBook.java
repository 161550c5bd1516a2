package dev.cutlass.store.file;

import dev.cutlass.crypto.PeerId;
import dev.cutlass.event.TransferFailure;
import dev.cutlass.file.wire.FieldReader;
import dev.cutlass.file.wire.FieldWriter;
import dev.cutlass.file.wire.FileCodec;
import dev.cutlass.file.wire.Offer;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What we have offered and is not done: offered again after a restart. docs/files.md section 7.4. One thread at a time.
 * <pre>
 * type  record
 *    2  OFFER  peer (32), path (text, as a URI), heard (varint, ms since 1970), the message without frame
 *    3  DONE   id (16)
 * </pre>
 */
public final class OfferBook implements Closeable {
    /** Name of the file in the folder. */
    static final String FILE = "offers";

    /** A program that offers more than that waits for some to be taken. */
    static final int MAX_OFFERS = 10_000;

    private static final byte[] MAGIC = "CUTO\1".getBytes(StandardCharsets.US_ASCII);
    private static final int OFFER = 2;
    private static final int DONE = 3;
    private static final int USUAL = 256;

    /**
     * A file or folder that a peer was told of.
     *
     * @param path where it is
     * @param heardMillis when something was heard of the peer about it, since 1970; a day more or less
     * @param offer as it was said
     */
    public record Offered(PeerId peer, Path path, long heardMillis, Offer offer) {
        @Override
        public String toString() {
            return "Offered[" + offer.id() + "]";
        }
    }

    private final @Nullable RecordLog log;
    private final Map<Id128, Offered> offers;

    private OfferBook(@Nullable RecordLog log, Map<Id128, Offered> offers) {
        this.log = log;
        this.offers = offers;
    }

    /** Offers that end with the engine. */
    public static OfferBook inMemory() {
        return new OfferBook(null, new LinkedHashMap<>());
    }

    /** Opens the book of a folder, which must be there. */
    static OfferBook open(Path folder) throws IOException {
        final Map<Id128, Offered> offers = new LinkedHashMap<>();
        return new OfferBook(
                RecordLog.open(folder.resolve(FILE), MAGIC, (type, body) -> read(type, body, offers)), offers);
    }

    private static void read(int type, Bytes body, Map<Id128, Offered> offers) {
        final FieldReader in = new FieldReader(body);
        if (type == DONE) {
            offers.remove(in.id());
            return;
        }
        final PeerId peer = PeerId.parseWire(in.bytes(PeerId.LENGTH).toArray());
        final Path path = PlacesBook.path(in.text(PlacesBook.MAX_TEXT));
        final long heardMillis = in.varint();
        if (type == OFFER
                && peer != null
                && path != null
                && FileCodec.decode(in.rest()) instanceof Offer offer
                && offers.size() < MAX_OFFERS) {
            offers.put(offer.id(), new Offered(peer, path, heardMillis, offer));
        }
    }

    private static RecordLog.Entry entry(Offered offered) {
        return new RecordLog.Entry(
                OFFER,
                Bytes.of(new FieldWriter(USUAL)
                        .bytes(Bytes.of(offered.peer().bytes()))
                        .text(PlacesBook.text(offered.path()), PlacesBook.MAX_TEXT)
                        .varint(offered.heardMillis())
                        .bytes(Bytes.of(offered.offer().encode()))
                        .toArray()));
    }

    /** All that are open, the earliest first. */
    public List<Offered> all() {
        return List.copyOf(offers.values());
    }

    /**
     * Notes an offer; one with the same id takes its place. On disk on return.
     *
     * @throws StoreException {@link TransferFailure#BUSY} if there are too many; when it could not be written it counts until the engine ends
     */
    public void add(Offered offered) throws StoreException {
        if (offers.size() >= MAX_OFFERS && !offers.containsKey(offered.offer().id())) {
            throw new StoreException(TransferFailure.BUSY, MAX_OFFERS + " files are on offer already");
        }
        final RecordLog.Entry entry;
        try {
            entry = entry(offered);
        } catch (IllegalArgumentException e) {
            throw StoreException.writing("a path that is too long to be kept", new IOException(e));
        }
        offers.put(offered.offer().id(), offered);
        append(entry);
    }

    /** It was taken, refused or given up. */
    public void done(Id128 id) throws StoreException {
        if (offers.remove(id) != null) {
            append(new RecordLog.Entry(DONE, Bytes.of(id.toArray())));
        }
    }

    private void append(RecordLog.Entry entry) throws StoreException {
        if (log != null) {
            try {
                log.append(
                        entry,
                        offers.size(),
                        () -> offers.values().stream().map(OfferBook::entry).toList());
            } catch (IOException e) {
                throw StoreException.writing("cannot note an offer", e);
            }
        }
    }

    @Override
    public void close() throws StoreException {
        if (log != null) {
            try {
                log.close();
            } catch (IOException e) {
                throw StoreException.writing("cannot close the offers", e);
            }
        }
    }
}
