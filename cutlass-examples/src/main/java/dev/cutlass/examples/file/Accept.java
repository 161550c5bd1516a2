package dev.cutlass.examples.file;

import dev.cutlass.event.FilePolicy;
import dev.cutlass.event.TrustPolicy;

/** From whom {@code cutlass receive} takes files. */
enum Accept {
    /** From anybody. */
    ALL(FilePolicy.ACCEPT, TrustPolicy.ACCEPT_NEW),
    /** From remembered peers. Others are refused before they are remembered: else a second visit would make them known. */
    KNOWN(FilePolicy.ACCEPT_KNOWN, TrustPolicy.KNOWN_ONLY),
    /** A person says so, for the same reason also about newcomers. */
    ASK(FilePolicy.ASK, TrustPolicy.ASK);

    private final FilePolicy files;
    private final TrustPolicy trust;

    Accept(FilePolicy files, TrustPolicy trust) {
        this.files = files;
        this.trust = trust;
    }

    FilePolicy files() {
        return files;
    }

    TrustPolicy trust() {
        return trust;
    }
}
