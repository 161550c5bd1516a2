package dev.cutlass.wire;

import java.nio.ByteBuffer;

/**
 * OPEN: asks for a channel. docs/protocol.md section 5.
 * <pre>
 * field
 * channel  varint
 * kind     1 byte    see {@link ChannelKind}; any value is passed on, for an unknown one is refused and no error
 * version  varint    of the service
 * service  the rest  name, 1 to 63 bytes of UTF-8, else malformed
 * </pre>
 *
 * @param kind 0 to 255
 */
public record OpenFrame(long channel, int kind, long version, String service) implements Frame {
    public static final int TYPE = 0x0c;
    public static final int MAX_SERVICE = 63;

    public OpenFrame {
        if (!Varint.fits(channel) || kind < 0 || kind > 0xff || !Varint.fits(version)) {
            throw new IllegalArgumentException("channel " + channel + ", kind " + kind + ", version " + version);
        }
        Utf8.encodeChecked("service", service, 1, MAX_SERVICE);
    }

    static Decoded decode(ByteBuffer body) {
        final long channel = Varint.get(body);
        if (!body.hasRemaining()) {
            return new Malformed(TYPE, Malformed.Why.TRUNCATED);
        }
        final int kind = body.get() & 0xff;
        final long version = Varint.get(body);
        if (version < 0) {
            return new Malformed(TYPE, Malformed.Why.TRUNCATED);
        }
        if (!body.hasRemaining() || body.remaining() > MAX_SERVICE) {
            return new Malformed(TYPE, Malformed.Why.LENGTH);
        }
        final String service = Utf8.decode(body);
        if (service == null) {
            return new Malformed(TYPE, Malformed.Why.VALUE);
        }
        return new OpenFrame(channel, kind, version, service);
    }

    private byte[] serviceBytes() {
        return Utf8.encodeChecked("service", service, 1, MAX_SERVICE);
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int bodyLength() {
        return Varint.length(channel) + 1 + Varint.length(version) + serviceBytes().length;
    }

    @Override
    public void encodeBodyTo(ByteBuffer out) {
        Varint.put(out, channel);
        out.put((byte) kind);
        Varint.put(out, version);
        out.put(serviceBytes());
    }

    @Override
    public void dispatchTo(Handler handler, long now) {
        handler.onOpen(this, now);
    }
}
