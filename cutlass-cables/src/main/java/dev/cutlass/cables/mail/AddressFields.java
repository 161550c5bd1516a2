package dev.cutlass.cables.mail;

import dev.cutlass.cables.address.CablesAddress;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The addresses in header fields, with display names, comments, groups and folds as RFC 5322 section 3.4 has them. */
final class AddressFields {
    /** Of one mail: each costs a directory and a key exchange. */
    static final int MAX_ADDRESSES = 1_000;

    private AddressFields() {}

    /**
     * All addresses in fields of these names, each once, in order.
     *
     * @throws MailException if one of them is none of the cables network
     */
    static List<CablesAddress> of(MailText mail, String... names) throws MailException {
        final Set<CablesAddress> found = new LinkedHashSet<>();
        for (String name : names) {
            for (MailText.Field field : mail.fields(name)) {
                addAll(found, name, field.unfolded());
            }
        }
        return List.copyOf(found);
    }

    private static void addAll(Set<CablesAddress> found, String name, String text) throws MailException {
        for (InternetAddress address : parse(name, text)) {
            if (address.isGroup()) {
                for (InternetAddress member : members(name, address)) {
                    add(found, name, member);
                }
            } else {
                add(found, name, address);
            }
            if (found.size() > MAX_ADDRESSES) {
                throw new MailException(reason(name), name + ": more than " + MAX_ADDRESSES + " addresses");
            }
        }
    }

    private static MailException.Reason reason(String name) {
        return name.equals("From") ? MailException.Reason.SENDER : MailException.Reason.RECIPIENT;
    }

    private static InternetAddress[] parse(String name, String text) throws MailException {
        try {
            return InternetAddress.parseHeader(text, true);
        } catch (AddressException e) {
            throw new MailException(reason(name), name + ": " + e.getMessage());
        }
    }

    private static InternetAddress[] members(String name, InternetAddress group) throws MailException {
        try {
            final InternetAddress[] members = group.getGroup(true);
            return members == null ? new InternetAddress[0] : members;
        } catch (AddressException e) {
            throw new MailException(reason(name), name + ": " + e.getMessage());
        }
    }

    private static void add(Set<CablesAddress> found, String name, InternetAddress address) throws MailException {
        final CablesAddress parsed = CablesAddress.parse(address.getAddress());
        if (parsed == null) {
            throw new MailException(
                    reason(name),
                    name + ": " + address.getAddress()
                            + " is no address of the cables network (user@host.onion or user@host.b32.i2p); nothing was sent to anybody");
        }
        found.add(parsed);
    }
}
