package dev.cutlass;

import dev.cutlass.engine.file.FileService;
import dev.cutlass.engine.file.TransferEntry;

/** A peer asks for something that we share with it, and waits for at most 24 hours. Any thread. */
public final class FileRequest {
    private final FileService files;
    private final TransferEntry entry;
    private final Peer peer;
    private final String name;

    FileRequest(FileService files, TransferEntry entry, Peer peer, String name) {
        this.files = files;
        this.entry = entry;
        this.peer = peer;
        this.name = name;
    }

    public Peer peer() {
        return peer;
    }

    /** As it was asked for. */
    public String name() {
        return name;
    }

    /** It gets it. */
    public Transfer accept() {
        files.decideRequest(entry, true);
        return new Transfer(files, entry);
    }

    /** The peer hears that it was declined. */
    public void reject() {
        files.decideRequest(entry, false);
    }
}
