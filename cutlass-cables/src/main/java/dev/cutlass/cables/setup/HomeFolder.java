package dev.cutlass.cables.setup;

import java.nio.file.Path;
import java.util.List;

/**
 * Where things are in a home folder.
 *
 * @param path the folder
 */
public record HomeFolder(Path path) {
    static final String ROOT_KEY = "root.pem";
    static final String SIGN_KEY = "sign.pem";
    static final String CA = "ca.pem";
    static final String VERIFY = "verify.pem";
    static final String USER = "username";

    /** All files of the folder of keys. */
    static final List<String> KEY_FILES = List.of(ROOT_KEY, SIGN_KEY, CA, VERIFY, USER);

    /** Hosts, limits, directories. The last file that is made: a folder that has it is whole. */
    public Path settings() {
        return path.resolve("cables.properties");
    }

    /** Private keys and certificates; whole or not there. */
    Path keys() {
        return path.resolve("keys");
    }

    /** What {@link #keys} is made as. */
    Path newKeys() {
        return path.resolve("keys.new");
    }

    /** A key that signs, with its certificate, that is to come into {@link #keys}; whole or not there. */
    Path nextKeys() {
        return path.resolve("keys.next");
    }

    /** The key of our onion service, if we make it. */
    Path onionKey() {
        return path.resolve("onion.pem");
    }

    /** What is served. */
    Path certificates() {
        return path.resolve("certs");
    }

    /** What must be remembered. */
    public Path books() {
        return path.resolve("books");
    }

    /** What was put into the mailbox. */
    public Path mailJournal() {
        return books().resolve("mail");
    }

    /** Held by the one node that runs here. */
    Path lock() {
        return path.resolve("lock");
    }

    /** Where mail goes unless the settings say otherwise. */
    public Path maildir() {
        return path.resolve("Maildir");
    }
}
