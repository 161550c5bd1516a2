package dev.cutlass;

import dev.cutlass.crypto.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom to dial, and where: {@code cutlass:KEY@host:port}. docs/protocol.md section 1.2. Immutable, for any thread.
 *
 * <p>More places may follow, separated by commas; a missing port means {@value #DEFAULT_PORT}; an IPv6 address stands in brackets;
 * {@code ?stealth} at the end asks for the stealth handshake. {@code host:port} alone may be dialled too: then whoever answers there is the peer.
 */
public final class PeerAddress {
    /** Cutlass's port since 2004. */
    public static final int DEFAULT_PORT = 8365;

    /** All places are dialled at nearly the same time, so there must not be many. */
    public static final int MAX_PLACES = 8;

    /** Host names have at most 253 characters (RFC 1035 section 2.3.4). */
    private static final int MAX_HOST_LENGTH = 253;

    private static final int MAX_PORT = 65_535;

    /** A text without "@" and ":" of at least so many letters, all of the key's alphabet, is meant as a key. */
    private static final int LOOKS_LIKE_A_KEY = 50;

    private static final String SCHEME = "cutlass:";
    private static final String STEALTH = "?stealth";
    private static final String EXAMPLE =
            SCHEME + "ahlvvgabqkyqvn6vjp7nhslea45a5yls6pnkmizfv4bbu2hxa5irvbtm@host.example:" + DEFAULT_PORT;

    private final @Nullable PeerId key;
    private final List<Place> places;
    private final boolean stealth;

    private PeerAddress(@Nullable PeerId key, List<Place> places, boolean stealth) {
        this.key = key;
        this.places = List.copyOf(places);
        this.stealth = stealth;
    }

    /**
     * Where a peer may be found.
     *
     * @param host a name or the text of an IPv4 or IPv6 address, without brackets
     * @param port 1 to 65535
     */
    public record Place(String host, int port) {
        public Place {
            Objects.requireNonNull(host, "host");
            if (port < 1 || port > MAX_PORT) {
                throw wrong("the port is " + port + ", but ports go from 1 to " + MAX_PORT);
            }
        }

        /** {@code host:port}, with brackets around an IPv6 address. */
        public String text() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** A peer at some places; none if it is to be found where it was last, or if it dials us. */
    public static PeerAddress of(PeerId key, Place... places) {
        Objects.requireNonNull(key, "key");
        return new PeerAddress(key, List.of(places), false);
    }

    /** The same address, to be dialled with the stealth handshake. */
    public PeerAddress withStealth() {
        if (key == null) {
            throw wrong("\"" + STEALTH + "\" needs the key: a stealth peer answers only who proves that he knows it");
        }
        return new PeerAddress(key, places, true);
    }

    /**
     * Reads what {@link #text} writes.
     *
     * @throws IllegalArgumentException says what is wrong and shows a right address
     */
    public static PeerAddress parse(String text) {
        String rest = text.strip();
        if (rest.isEmpty()) {
            throw wrong("it is empty");
        }
        boolean stealth = false;
        final int question = rest.indexOf('?');
        if (question >= 0) {
            if (!rest.substring(question).equalsIgnoreCase(STEALTH)) {
                throw wrong("after \"?\" only \"stealth\" may follow, at the end");
            }
            stealth = true;
            rest = rest.substring(0, question);
        }
        final int at = rest.indexOf('@');
        if (at < 0 && !isKey(rest)) {
            final PeerAddress address = new PeerAddress(null, parsePlaces(rest), false);
            return stealth ? address.withStealth() : address;
        }
        if (at == 0) {
            throw wrong("there is no key before \"@\"; a place without a key is written without \"@\"");
        }
        final PeerId key = PeerId.parse(at < 0 ? rest : rest.substring(0, at));
        final List<Place> places = at < 0 ? List.of() : parsePlaces(rest.substring(at + 1));
        return new PeerAddress(key, places, stealth);
    }

    private static boolean isKey(String text) {
        return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                || (text.length() >= LOOKS_LIKE_A_KEY && text.chars().allMatch(PeerAddress::isKeyCharacter));
    }

    /** RFC 4648's alphabet, in either case. */
    private static boolean isKeyCharacter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
    }

    private static List<Place> parsePlaces(String text) {
        final List<Place> places = new ArrayList<>();
        for (String place : text.split(",", -1)) {
            if (places.size() == MAX_PLACES) {
                throw wrong("it has more than " + MAX_PLACES + " places");
            }
            places.add(parsePlace(place.strip()));
        }
        return places;
    }

    private static Place parsePlace(String text) {
        if (text.isEmpty()) {
            throw wrong("a place is missing: after \"@\" and between commas stands host:port");
        }
        if (text.charAt(0) == '[') {
            final int end = text.indexOf(']');
            if (end < 0) {
                throw wrong("the bracket around the IPv6 address is not closed");
            }
            final String host = text.substring(1, end);
            if (host.indexOf(':') < 0 || !host.chars().allMatch(PeerAddress::isIpv6Character)) {
                throw wrong("what stands in brackets is not an IPv6 address");
            }
            final String after = text.substring(end + 1);
            if (!after.isEmpty() && after.charAt(0) != ':') {
                throw wrong("after \"]\" only \":port\" may follow");
            }
            return new Place(host, after.isEmpty() ? DEFAULT_PORT : parsePort(after.substring(1)));
        }
        final int colon = text.indexOf(':');
        if (colon != text.lastIndexOf(':')) {
            throw wrong("an IPv6 address stands in brackets, as [2001:db8::1]:" + DEFAULT_PORT);
        }
        final String host = colon < 0 ? text : text.substring(0, colon);
        if (host.isEmpty() || host.length() > MAX_HOST_LENGTH || !host.chars().allMatch(PeerAddress::isHostCharacter)) {
            throw wrong(host.isEmpty() ? "the host is missing before \":\"" : "the host is not a host name or address");
        }
        return new Place(host, colon < 0 ? DEFAULT_PORT : parsePort(text.substring(colon + 1)));
    }

    private static int parsePort(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw wrong("the port is not a number from 1 to " + MAX_PORT);
        }
        final int port = Integer.parseInt(text);
        if (port < 1 || port > MAX_PORT) {
            throw wrong("the port is " + port + ", but ports go from 1 to " + MAX_PORT);
        }
        return port;
    }

    /** Names may be written in any alphabet; what could not be part of a name is refused. */
    private static boolean isHostCharacter(int c) {
        return Character.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_';
    }

    /** Hexadecimal groups, an embedded IPv4 address, and after a percent sign the name of an interface. */
    private static boolean isIpv6Character(int c) {
        return isHostCharacter(c) || c == ':' || c == '%';
    }

    private static IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("not a Cutlass address: " + what + ". A right one looks like " + EXAMPLE);
    }

    /** The key to expect; empty if whoever answers is welcome. */
    public Optional<PeerId> key() {
        return Optional.ofNullable(key);
    }

    /** Where to dial, in the order of preference; empty if only the key is known. */
    public List<Place> places() {
        return places;
    }

    public boolean stealth() {
        return stealth;
    }

    /** The whole address, as people pass it on. */
    public String text() {
        final StringBuilder text = new StringBuilder(key == null ? "" : key.text());
        String separator = key == null ? "" : "@";
        for (Place place : places) {
            text.append(separator).append(place.text());
            separator = ",";
        }
        return text.append(stealth ? STEALTH : "").toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PeerAddress that
                && Objects.equals(key, that.key)
                && places.equals(that.places)
                && stealth == that.stealth;
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, places, stealth);
    }

    /** Shortened, fit for a log: who wants the address calls {@link #text}. */
    @Override
    public String toString() {
        return (key == null ? "" : key + "@") + "(" + places.size() + " places)" + (stealth ? STEALTH : "");
    }
}
