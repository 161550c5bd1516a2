package dev.cutlass.engine.qlog;

/**
 * Writes one JSON text: RFC 8259. Whoever calls in an order that gives no JSON text gets an {@link IllegalStateException}, so that no reader does. Lone surrogates are
 * escaped, so the text can always be encoded as UTF-8. One thread at a time.
 */
final class JsonText {
    /** Deep enough for anything here; a bit of a long tells objects from arrays. */
    private static final int MAX_DEPTH = 32;

    private static final int FIRST_PRINTABLE = 0x20;

    private final StringBuilder text = new StringBuilder(256);
    private int depth;
    private long objects;
    private boolean first = true;
    private boolean named;

    JsonText object() {
        return open('{', true);
    }

    JsonText array() {
        return open('[', false);
    }

    private JsonText open(char bracket, boolean object) {
        beginValue();
        if (depth == MAX_DEPTH) {
            throw new IllegalStateException("too deep");
        }
        text.append(bracket);
        depth++;
        objects = object ? objects | 1L << depth : objects & ~(1L << depth);
        first = true;
        return this;
    }

    /** Ends the innermost object or array. */
    JsonText end() {
        if (depth == 0 || named) {
            throw new IllegalStateException(named ? "a name without a value" : "nothing to end");
        }
        text.append(isInObject() ? '}' : ']');
        depth--;
        first = false;
        return this;
    }

    /** Of the member whose value comes next. */
    JsonText name(String name) {
        if (!isInObject() || named) {
            throw new IllegalStateException("no place for a name");
        }
        comma();
        quote(name);
        text.append(':');
        named = true;
        return this;
    }

    JsonText value(String value) {
        beginValue();
        quote(value);
        return this;
    }

    JsonText value(long value) {
        beginValue();
        text.append(value);
        return this;
    }

    JsonText value(boolean value) {
        beginValue();
        text.append(value);
        return this;
    }

    /** @throws IllegalArgumentException if it is not finite: JSON has no such numbers */
    JsonText value(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("no number in JSON: " + value);
        }
        beginValue();
        text.append(value);
        return this;
    }

    private void beginValue() {
        if (depth == 0 ? !text.isEmpty() : isInObject() && !named) {
            throw new IllegalStateException("no place for a value");
        }
        if (!named) {
            comma();
        }
        named = false;
        first = false;
    }

    private boolean isInObject() {
        return depth > 0 && (objects & 1L << depth) != 0;
    }

    private void comma() {
        if (!first) {
            text.append(',');
        }
        first = false;
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < FIRST_PRINTABLE || isLoneSurrogate(value, i)) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    private static boolean isLoneSurrogate(String value, int index) {
        final char c = value.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 == value.length() || !Character.isLowSurrogate(value.charAt(index + 1));
        }
        return Character.isLowSurrogate(c) && (index == 0 || !Character.isHighSurrogate(value.charAt(index - 1)));
    }

    /**
     * The whole text.
     *
     * @throws IllegalStateException if it is not whole yet
     */
    String done() {
        if (depth != 0 || text.isEmpty()) {
            throw new IllegalStateException("not whole");
        }
        return text.toString();
    }
}
