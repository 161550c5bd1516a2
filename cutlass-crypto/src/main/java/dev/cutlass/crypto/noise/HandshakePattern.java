package dev.cutlass.crypto.noise;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A handshake pattern: what each message carries, and who must know whose static key beforehand. Made from its name, as
 * {@code XX}, {@code IKpsk2} or {@code XXhfs+psk3} (revision 34 section 8). A value; any thread.
 */
public final class HandshakePattern {
    private static final String HYBRID = "hfs";
    private static final String PRE_SHARED_KEY = "psk";

    // Revision 34 section 7.5. Before the "|": whose static key is known to the other side. Messages alternate, the
    // initiator's first.
    private static final Map<String, String> FUNDAMENTAL = Map.of(
            "NN", "| e, e ee",
            "KK", "is rs | e es ss, e ee se",
            "XX", "| e, e ee s es, s se",
            "XK", "rs | e es, e ee, s se",
            "IK", "rs | e es s ss, e ee se");

    private static final Set<Token> DH = EnumSet.of(Token.EE, Token.ES, Token.SE, Token.SS);

    private final String name;
    private final boolean initiatorStaticKnown;
    private final boolean responderStaticKnown;
    private final List<List<Token>> messages;
    private final boolean hybrid;
    private final boolean preSharedKey;

    private HandshakePattern(String name, String fundamental, List<String> modifiers) {
        String text = FUNDAMENTAL.get(fundamental);
        if (text == null) {
            throw new IllegalArgumentException(
                    "pattern " + name + ": " + fundamental + " is none of " + FUNDAMENTAL.keySet());
        }
        String[] halves = text.split("\\|", -1);
        List<List<Token>> tokens = new ArrayList<>();
        for (String message : halves[1].split(",", -1)) {
            List<Token> list = new ArrayList<>();
            for (String token : message.strip().split(" ", -1)) {
                list.add(Token.valueOf(token.toUpperCase(Locale.ROOT)));
            }
            tokens.add(list);
        }
        boolean hfs = false;
        boolean psk = false;
        for (String modifier : modifiers) {
            if (modifier.equals(HYBRID) && !hfs) {
                addHybrid(tokens);
                hfs = true;
            } else if (modifier.length() == PRE_SHARED_KEY.length() + 1 && modifier.startsWith(PRE_SHARED_KEY)) {
                addPreSharedKey(name, tokens, modifier.charAt(PRE_SHARED_KEY.length()) - '0');
                psk = true;
            } else {
                throw new IllegalArgumentException("pattern " + name + ": unknown modifier " + modifier);
            }
        }
        this.name = name;
        this.initiatorStaticKnown = halves[0].contains("is");
        this.responderStaticKnown = halves[0].contains("rs");
        this.messages = tokens.stream().map(List::copyOf).toList();
        this.hybrid = hfs;
        this.preSharedKey = psk;
    }

    /**
     * The pattern of a name: two letters, then modifiers joined by {@code +}.
     *
     * @throws IllegalArgumentException if we do not know it
     */
    public static HandshakePattern of(String name) {
        int length = 0;
        while (length < name.length() && Character.isUpperCase(name.charAt(length))) {
            length++;
        }
        String modifiers = name.substring(length);
        return new HandshakePattern(
                name, name.substring(0, length), modifiers.isEmpty() ? List.of() : List.of(modifiers.split("\\+", -1)));
    }

    /** Its name, as it stands in a protocol name. */
    public String name() {
        return name;
    }

    /** Whether a KEM takes part. */
    public boolean isHybrid() {
        return hybrid;
    }

    /** Whether pre-shared keys are mixed in; then every {@code e} is too (revision 34 section 9.2). */
    boolean hasPreSharedKey() {
        return preSharedKey;
    }

    /** Whether the other side must know this role's static key before it starts. */
    boolean isStaticKnown(Role role) {
        return role == Role.INITIATOR ? initiatorStaticKnown : responderStaticKnown;
    }

    /** Whether this role needs a static key of its own. */
    boolean needsStatic(Role role) {
        if (isStaticKnown(role)) {
            return true;
        }
        for (int i = 0; i < messages.size(); i++) {
            if ((i % 2 == 0) == (role == Role.INITIATOR) && messages.get(i).contains(Token.S)) {
                return true;
            }
        }
        return false;
    }

    /** The tokens of each message, the initiator's first. */
    List<List<Token>> messages() {
        return messages;
    }

    /** {@code -> e, e1 <- e, ee, ekem1, s, es} and so on. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name);
        for (int i = 0; i < messages.size(); i++) {
            text.append(i % 2 == 0 ? " -> " : " <- ");
            String tokens = messages.get(i).toString();
            text.append(tokens.substring(1, tokens.length() - 1).toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }

    /** e1 follows the first e and the DHs that belong to it; ekem1 follows the first ee. */
    private static void addHybrid(List<List<Token>> messages) {
        List<Token> first = messages.get(0);
        int place = first.indexOf(Token.E) + 1;
        while (place < first.size() && DH.contains(first.get(place))) {
            place++;
        }
        first.add(place, Token.E1);
        for (List<Token> message : messages) {
            int ee = message.indexOf(Token.EE);
            if (ee >= 0) {
                message.add(ee + 1, Token.EKEM1);
                return;
            }
        }
        throw new IllegalArgumentException("no ee to put a KEM beside");
    }

    /** psk0 opens the first message, pskN ends message N (revision 34 section 9.4). */
    private static void addPreSharedKey(String name, List<List<Token>> messages, int place) {
        if (place < 0 || place > messages.size()) {
            throw new IllegalArgumentException("pattern " + name + ": no message for psk" + place);
        }
        if (place == 0) {
            messages.get(0).add(0, Token.PSK);
        } else {
            messages.get(place - 1).add(Token.PSK);
        }
    }
}
