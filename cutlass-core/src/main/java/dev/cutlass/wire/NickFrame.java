package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * NICK: the sender calls itself something else. docs/protocol.md section 5; ignorable.
 * <pre>
 * field
 * nick  the whole body, see {@link Nicks}, else malformed
 * </pre>
 */
public record NickFrame(String nick) implements Frame {
    public static final int TYPE = 0x20;

    public NickFrame {
        if (!nick.equals(Nicks.normalize(nick))) {
            throw new IllegalArgumentException("a nick is sent normalised");
        }
    }

    static Decoded decode(ByteBuffer body) {
        if (body.remaining() > Nicks.MAX_LENGTH) {
            return new Malformed(TYPE, Malformed.Why.LENGTH);
        }
        final String nick = Nicks.decode(Bytes.rest(body));
        if (nick == null) {
            return new Malformed(TYPE, Malformed.Why.VALUE);
        }
        return new NickFrame(nick);
    }

    private byte[] nickBytes() {
        return Utf8.encodeChecked("nick", nick, 0, Nicks.MAX_LENGTH);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int bodyLength() {
        return nickBytes().length;
    }

    @Override
    public void encodeBodyTo(ByteBuffer out) {
        out.put(nickBytes());
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onNick(this, now);
    }
}
