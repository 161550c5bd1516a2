package dev.cutlass.examples;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.KeyFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options that say whose identity to use. The passphrase comes from the file, else from the environment, else from a prompt. */
public final class IdentityOptions {
    static final String PASSPHRASE_VARIABLE = "CUTLASS_PASSPHRASE";

    /** Nobody types more; a larger file is the wrong file. */
    private static final int MAX_PASSPHRASE_FILE = 4_096;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Folder of the identity and of what is remembered (default: .cutlass in your home folder).")
    private @Nullable Path home;

    @ArgGroup(exclusive = true)
    private @Nullable Protection protection;

    static final class Protection {
        @Option(
                names = "--passphrase-file",
                paramLabel = "FILE",
                description =
                        "Take the key file's passphrase from the first line of FILE. Else it is taken from the environment variable "
                                + PASSPHRASE_VARIABLE + ", else asked for.")
        private @Nullable Path file;

        @Option(names = "--no-passphrase", description = "The key file is not encrypted: who can read it is you.")
        private boolean none;
    }

    /** Where the identity is. */
    public Path home() {
        return home != null ? home : Path.of(System.getProperty("user.home"), ".cutlass");
    }

    /** Opens the identity, or creates it; says on standard error if it did. */
    public Identity open() throws CommandFailure {
        return open(System.getenv());
    }

    Identity open(Map<String, String> environment) throws CommandFailure {
        final boolean exists = Files.exists(home().resolve(Identity.KEY_FILE));
        char[] passphrase = new char[0];
        try {
            final boolean encrypted = protection == null || !protection.none;
            if (encrypted) {
                passphrase = passphrase(environment, exists);
            }
            final Identity identity =
                    encrypted ? Identity.loadOrCreate(home(), passphrase) : Identity.loadOrCreateUnencrypted(home());
            if (!exists) {
                Console.err()
                        .println("cutlass: new identity in " + home()
                                + (encrypted ? "" : ", not encrypted: who can read the file is you"));
            }
            return identity;
        } catch (KeyFileException failure) {
            throw new CommandFailure(failure.getMessage() + hint(failure.reason()));
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }

    private static String hint(KeyFileException.Reason reason) {
        return switch (reason) {
            case PASSPHRASE_NEEDED ->
                " (here: leave out --no-passphrase, or name the passphrase with --passphrase-file or "
                        + PASSPHRASE_VARIABLE + ")";
            case NOT_ENCRYPTED -> " (here: add --no-passphrase)";
            default -> "";
        };
    }

    private char[] passphrase(Map<String, String> environment, boolean exists) throws CommandFailure {
        final Path file = protection == null ? null : protection.file;
        if (file != null) {
            return firstLine(file);
        }
        final String variable = environment.get(PASSPHRASE_VARIABLE);
        if (variable != null) {
            if (variable.isEmpty()) {
                throw new CommandFailure(
                        "the environment variable " + PASSPHRASE_VARIABLE
                                + " is empty: give it a passphrase, or say --no-passphrase for a key file that is not encrypted");
            }
            return variable.toCharArray();
        }
        return prompt(exists);
    }

    @SuppressWarnings(
            "SystemConsoleNull") // null is one way to have no terminal; newer JDKs have the other, which is asked for
    // too
    private char[] prompt(boolean exists) throws CommandFailure {
        final java.io.Console console = System.console();
        if (console == null || !Terminals.inputIsTerminal()) {
            throw new CommandFailure("no passphrase for the key file in " + home()
                    + ": there is no terminal to ask on. Use --passphrase-file FILE, the environment variable "
                    + PASSPHRASE_VARIABLE + ", or --no-passphrase for a key file that is not encrypted");
        }
        if (exists) {
            return require(console.readPassword("Passphrase for %s: ", home()));
        }
        Console.err().println("No identity in " + home() + " yet: one will be created.");
        final char[] first = require(console.readPassword("New passphrase: "));
        final char[] second = require(console.readPassword("The same again: "));
        final boolean same = Arrays.equals(first, second);
        Arrays.fill(second, '\0');
        if (!same) {
            Arrays.fill(first, '\0');
            throw new CommandFailure("the two passphrases differ; nothing was created");
        }
        return first;
    }

    private static char[] require(char @Nullable [] typed) throws CommandFailure {
        if (typed == null || typed.length == 0) {
            throw new CommandFailure(
                    "no passphrase was typed; say --no-passphrase for a key file that is not encrypted");
        }
        return typed;
    }

    private static char[] firstLine(Path file) throws CommandFailure {
        byte[] bytes = new byte[0];
        CharBuffer characters = CharBuffer.allocate(0);
        try {
            if (Files.size(file) > MAX_PASSPHRASE_FILE) {
                throw new CommandFailure(
                        file + " is too long for a passphrase file: at most " + MAX_PASSPHRASE_FILE + " bytes");
            }
            bytes = Files.readAllBytes(file);
            characters = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            int end = 0;
            while (end < characters.length() && characters.get(end) != '\n' && characters.get(end) != '\r') {
                end++;
            }
            if (end == 0) {
                throw new CommandFailure("the first line of " + file + ", which should be the passphrase, is empty");
            }
            final char[] line = new char[end];
            characters.get(line);
            return line;
        } catch (CharacterCodingException invalid) {
            throw new CommandFailure("the passphrase file " + file + " is not UTF-8 text");
        } catch (NoSuchFileException missing) {
            throw new CommandFailure("there is no passphrase file " + file);
        } catch (IOException unreadable) {
            throw new CommandFailure("the passphrase file " + file + " cannot be read: " + unreadable);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            if (characters.hasArray()) {
                Arrays.fill(characters.array(), '\0');
            }
        }
    }
}
