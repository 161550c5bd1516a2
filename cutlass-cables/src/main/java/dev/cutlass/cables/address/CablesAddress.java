package dev.cutlass.cables.address;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code user@host}: whom a mail is for. The user is proved by its certificates, the host only by what is found there. Cables protocol
 * section 2.
 */
public record CablesAddress(UserName user, HostName host) implements Comparable<CablesAddress> {
    /**
     * Takes an address in any case.
     *
     * @throws IllegalArgumentException if this is none; says what is wanted
     */
    public static CablesAddress of(String text) {
        final CablesAddress parsed = parse(text);
        if (parsed == null) {
            throw new IllegalArgumentException(
                    "address: user@host.onion or user@host.b32.i2p is wanted, with a user of 32 letters, not \"" + text
                            + "\"");
        }
        return parsed;
    }

    /** An address, or {@code null} if this is none; upper case counts as lower case, as in mail. */
    public static @Nullable CablesAddress parse(String text) {
        final int at = text.indexOf('@');
        if (at < 0) {
            return null;
        }
        final UserName user = UserName.parse(text.substring(0, at).toLowerCase(Locale.ROOT));
        final HostName host = HostName.parse(text.substring(at + 1).toLowerCase(Locale.ROOT));
        return user == null || host == null ? null : new CablesAddress(user, host);
    }

    @Override
    public int compareTo(CablesAddress other) {
        final int byUser = user.compareTo(other.user);
        return byUser == 0 ? host.compareTo(other.host) : byUser;
    }

    @Override
    public String toString() {
        return user + "@" + host;
    }
}
