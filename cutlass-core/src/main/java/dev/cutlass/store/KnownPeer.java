package dev.cutlass.store;

import dev.cutlass.crypto.PeerId;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;

/**
 * A peer that we have met.
 *
 * @param standing whether it is a contact, and how well we know its key
 * @param firstSeen the day, in UTC
 * @param places where it was reached, {@code host:port} each, with the mark of {@link Places} or without, the latest first, at most {@value #MAX_PLACES}
 * @param nick what it called itself last, or what the user wrote into the file; a label and never a key
 * @param offlineAddress where it gets messages while it is away, as an {@code OfflineDelivery} reads it; empty if that is not known
 */
public record KnownPeer(
        PeerId id, Standing standing, LocalDate firstSeen, List<String> places, String nick, String offlineAddress) {
    /** What makes us remember a peer. */
    public enum Standing {
        /** It came by itself and was let in because nobody is kept out. It may be forgotten for others of its kind. */
        MET,
        /** We dialled it, admitted it or wrote to it: a contact. Its key was trusted at first use. */
        KNOWN,
        /** A contact, and somebody compared safety numbers. */
        VERIFIED
    }

    /** As many as an address may name. */
    public static final int MAX_PLACES = 8;

    /** Characters in a place: a host name of 253 (RFC 1035 section 2.3.4), brackets, a colon and a port. */
    public static final int MAX_PLACE_LENGTH = 253 + 2 + 1 + 5;

    /** Characters in a nick; the wire allows 63 bytes, who edits the file may write more. */
    public static final int MAX_NICK_LENGTH = 256;

    /** Characters in an offline address: two host names' worth. */
    public static final int MAX_OFFLINE_ADDRESS_LENGTH = 512;

    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 9999; // longer ones have no ISO form without a sign

    /** Refuses what the file could not hold. */
    public KnownPeer {
        Objects.requireNonNull(id, "id");
        places = List.copyOf(places);
        if (places.size() > MAX_PLACES || !places.stream().allMatch(KnownPeer::isPlace)) {
            throw new IllegalArgumentException("places: at most " + MAX_PLACES + " of the form host:port");
        }
        if (nick.length() > MAX_NICK_LENGTH) {
            throw new IllegalArgumentException("nick: " + nick.length() + " characters, more than " + MAX_NICK_LENGTH);
        }
        if (!isOfflineAddress(offlineAddress)) {
            throw new IllegalArgumentException("offline address: at most " + MAX_OFFLINE_ADDRESS_LENGTH
                    + " characters of printable ASCII without spaces");
        }
        if (firstSeen.getYear() < FIRST_YEAR || firstSeen.getYear() > LAST_YEAR) {
            throw new IllegalArgumentException("first seen in the year " + firstSeen.getYear());
        }
    }

    /** Without an offline address. */
    public KnownPeer(PeerId id, Standing standing, LocalDate firstSeen, List<String> places, String nick) {
        this(id, standing, firstSeen, places, nick, "");
    }

    /** A contact. */
    public KnownPeer(PeerId id, boolean verified, LocalDate firstSeen, List<String> places, String nick) {
        this(id, verified ? Standing.VERIFIED : Standing.KNOWN, firstSeen, places, nick);
    }

    /** Whether somebody compared safety numbers, rather than having trusted the first use. */
    public boolean verified() {
        return standing == Standing.VERIFIED;
    }

    /** Whether it is more than somebody who came by. */
    public boolean isContact() {
        return standing != Standing.MET;
    }

    /** The same peer, seen again: new places come first, an empty nick changes nothing. */
    KnownPeer seenAgain(String newNick, List<String> newPlaces) {
        return new KnownPeer(
                id,
                standing,
                firstSeen,
                Places.merge(newPlaces, places),
                newNick.isEmpty() ? nick : newNick,
                offlineAddress);
    }

    KnownPeer withStanding(Standing now) {
        return new KnownPeer(id, now, firstSeen, places, nick, offlineAddress);
    }

    /** A contact from now on. */
    KnownPeer withOfflineAddress(String address) {
        return new KnownPeer(id, isContact() ? standing : Standing.KNOWN, firstSeen, places, nick, address);
    }

    /** Whether a text can be one, empty or not: nothing in it separates fields of the file. */
    static boolean isOfflineAddress(String text) {
        return text.length() <= MAX_OFFLINE_ADDRESS_LENGTH && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    /** Whether a text is {@code host:port} in ASCII, marked or not, with nothing in it that separates fields of the file. */
    static boolean isPlace(String place) {
        final String text = Places.address(place);
        final int colon = text.lastIndexOf(':');
        return colon > 0
                && text.length() <= MAX_PLACE_LENGTH
                && isPort(text.substring(colon + 1))
                && text.chars().allMatch(KnownPeer::isOfPlace);
    }

    private static boolean isOfPlace(int character) {
        return character > ' '
                && character <= '~'
                && character != ','
                && character != '"'
                && character != '#'
                && character != '?';
    }

    private static boolean isPort(String digits) {
        final int maxDigits = 5;
        if (digits.isEmpty() || digits.length() > maxDigits || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        final int port = Integer.parseInt(digits);
        return port >= 1 && port <= 65_535;
    }

    /** Names nobody, so that a log does not by accident. */
    @Override
    public String toString() {
        return "KnownPeer[" + id + (verified() ? ", verified]" : "]");
    }
}
