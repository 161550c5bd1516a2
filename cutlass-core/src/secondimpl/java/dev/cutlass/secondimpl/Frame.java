package dev.cutlass.secondimpl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Frames: section 5. Token, data and the like are as they stand in the packet. */
sealed interface Frame {
    int PADDING = 0x00;
    int IGNORABLE = 0x20;

    int type();

    byte[] body();

    /** PING, and PATH_CHALLENGE and PATH_RESPONSE, which look alike. */
    record Eight(int type, byte[] token) implements Frame {
        static final int PING = 0x01;
        static final int PATH_CHALLENGE = 0x07;
        static final int PATH_RESPONSE = 0x08;

        static Eight decode(int type, In in) {
            return new Eight(type, in.bytes(8));
        }

        @Override
        public byte[] body() {
            return token;
        }
    }

    record Pong(byte[] token, byte[] address, int port) implements Frame {
        static final int TYPE = 0x02;

        static Pong decode(In in) {
            byte[] token = in.bytes(8);
            int family = in.octet();
            Refused.unless(family == 4 || family == 6, "family");
            return new Pong(token, in.bytes(family == 4 ? 4 : 16), (int) in.integer(2));
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public byte[] body() {
            int family = address.length == 4 ? 4 : 6;
            return new Out()
                    .bytes(token)
                    .integer(1, family)
                    .bytes(address)
                    .integer(2, port)
                    .toBytes();
        }
    }

    /** The numbers from {@code first} to {@code last}. */
    record Range(long first, long last) {}

    /** @param ranges the highest first */
    record Ack(long pathId, long delayMicros, List<Range> ranges) implements Frame {
        static final int TYPE = 0x03;
        private static final int MAX_FURTHER = 64;

        static Ack decode(In in) {
            long pathId = in.varint();
            long last = in.varint();
            long delay = in.varint();
            long further = in.varint();
            Refused.unless(further <= MAX_FURTHER, "too many ranges");
            List<Range> ranges = new ArrayList<>();
            for (long i = 0; i <= further; i++) {
                if (i > 0) {
                    last = ranges.get((int) i - 1).first - in.varint() - 2; // RFC 9000 section 19.3.1
                }
                Range range = new Range(last - in.varint(), last);
                Refused.unless(range.first >= 0, "range below zero");
                ranges.add(range);
            }
            return new Ack(pathId, delay, ranges);
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public byte[] body() {
            Range highest = ranges.get(0);
            Out out = new Out().varint(pathId).varint(highest.last).varint(delayMicros);
            out.varint(ranges.size() - 1).varint(highest.last - highest.first);
            for (int i = 1; i < ranges.size(); i++) {
                Range range = ranges.get(i);
                out.varint(ranges.get(i - 1).first - range.last - 2).varint(range.last - range.first);
            }
            return out.toBytes();
        }
    }

    record Crypto(long offset, byte[] data) implements Frame {
        static final int TYPE = 0x04;

        static Crypto decode(In in) {
            return new Crypto(in.varint(), in.rest());
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public byte[] body() {
            return new Out().varint(offset).bytes(data).toBytes();
        }
    }

    record Message(long channel, long number, long back, long total, long offset, byte[] data) implements Frame {
        static final int TYPE = 0x05;
        private static final int MAX_TOTAL = 65_536 + 129;

        static Message decode(In in) {
            Message message = new Message(in.varint(), in.varint(), in.varint(), in.varint(), in.varint(), in.rest());
            Refused.unless(message.back <= message.number, "back beyond the first number");
            Refused.unless(message.total <= MAX_TOTAL, "too long a message");
            Refused.unless(message.data.length >= 1, "empty fragment");
            Refused.unless(message.offset <= message.total - message.data.length, "fragment outside of its message");
            return message;
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public byte[] body() {
            Out out = new Out().varint(channel).varint(number).varint(back);
            return out.varint(total).varint(offset).bytes(data).toBytes();
        }
    }

    record Receipt(long channel, long first, long count, long code) implements Frame {
        static final int TYPE = 0x06;

        static Receipt decode(In in) {
            Receipt receipt = new Receipt(in.varint(), in.varint(), in.varint(), in.varint());
            Refused.unless(receipt.count >= 1, "empty receipt");
            Refused.unless(receipt.count <= Out.MAX_VARINT - receipt.first + 1, "receipt beyond the last number");
            return receipt;
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public byte[] body() {
            return new Out()
                    .varint(channel)
                    .varint(first)
                    .varint(count)
                    .varint(code)
                    .toBytes();
        }
    }

    record NewConnectionId(long sequence, long retirePriorTo, byte[] id) implements Frame {
        static final int TYPE = 0x09;
        static final long MAX_IDS = 1L << 32;

        static NewConnectionId decode(In in) {
            NewConnectionId frame = new NewConnectionId(in.varint(), in.varint(), in.bytes(8));
            Refused.unless(frame.sequence < MAX_IDS && frame.retirePriorTo <= frame.sequence, "sequence");
            return frame;
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public byte[] body() {
            return new Out().varint(sequence).varint(retirePriorTo).bytes(id).toBytes();
        }
    }

    record RetireConnectionId(long sequence) implements Frame {
        static final int TYPE = 0x0a;

        static RetireConnectionId decode(In in) {
            RetireConnectionId frame = new RetireConnectionId(in.varint());
            Refused.unless(frame.sequence < NewConnectionId.MAX_IDS, "sequence");
            return frame;
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public byte[] body() {
            return new Out().varint(sequence).toBytes();
        }
    }

    /** The limits under their classes. */
    record Limits(Map<Long, Long> limits) implements Frame {
        static final int TYPE = 0x0b;
        static final long MESSAGES = 0;
        static final long BULK = 1;

        static Limits decode(In in) {
            Map<Long, Long> limits = new LinkedHashMap<>();
            while (!in.isEmpty()) {
                limits.merge(in.varint(), in.varint(), Math::max);
            }
            return new Limits(limits);
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public byte[] body() {
            Out out = new Out();
            limits.forEach((messageClass, limit) -> out.varint(messageClass).varint(limit));
            return out.toBytes();
        }
    }

    record Open(long channel, int kind, long version, String service) implements Frame {
        static final int TYPE = 0x0c;
        static final int ORDERED = 0;
        static final int ORDERED_BULK = 4;
        private static final int MAX_SERVICE = 63;

        static Open decode(In in) {
            Open open = new Open(in.varint(), in.octet(), in.varint(), in.restAsText());
            int length = Payload.text(open.service).length;
            Refused.unless(length >= 1 && length <= MAX_SERVICE, "length of service");
            return open;
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public byte[] body() {
            return new Out()
                    .varint(channel)
                    .integer(1, kind)
                    .varint(version)
                    .text(service)
                    .toBytes();
        }
    }

    record Opened(long channel, long code) implements Frame {
        static final int TYPE = 0x0d;

        static Opened decode(In in) {
            return new Opened(in.varint(), in.varint());
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public byte[] body() {
            return new Out().varint(channel).varint(code).toBytes();
        }
    }

    record Close(long code, String reason) implements Frame {
        static final int TYPE = 0x0e;
        private static final int MAX_REASON = 128;

        static Close decode(In in) {
            Close close = new Close(in.varint(), in.restAsText());
            Refused.unless(Payload.text(close.reason).length <= MAX_REASON, "length of reason");
            return close;
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public byte[] body() {
            return new Out().varint(code).text(reason).toBytes();
        }
    }

    record Nick(String nick) implements Frame {
        static final int TYPE = 0x20;

        static Nick decode(In in) {
            byte[] nick = in.rest();
            Refused.unless(Payload.isNick(nick), "nick");
            return new Nick(new In(nick).restAsText());
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public byte[] body() {
            return Payload.text(nick);
        }
    }

    default byte[] encode() {
        byte[] body = body();
        return new Out().varint(type()).varint(body.length).bytes(body).toBytes();
    }

    /** RFC 9002 section 2, with the exceptions of section 4.4. */
    default boolean elicitsAck() {
        return type() != Ack.TYPE && type() != Close.TYPE;
    }

    /** The frames of a packet but PADDING and those that may be skipped. */
    static List<Frame> decodeAll(byte[] plain) {
        List<Frame> frames = new ArrayList<>();
        for (In in = new In(plain); !in.isEmpty(); ) {
            if (in.peek() == PADDING) {
                in.octet();
                continue;
            }
            long type = in.varint();
            Refused.unless(type != PADDING, "PADDING in a long form");
            In body = new In(in.bytes(in.varint()));
            if (type > Nick.TYPE || !isKnown((int) type)) {
                Refused.unless((type & IGNORABLE) != 0, "unknown frame");
                continue;
            }
            frames.add(decode((int) type, body));
            body.end();
        }
        return frames;
    }

    private static boolean isKnown(int type) {
        return type <= Close.TYPE || type == Nick.TYPE;
    }

    private static Frame decode(int type, In body) {
        return switch (type) {
            case Eight.PING, Eight.PATH_CHALLENGE, Eight.PATH_RESPONSE -> Eight.decode(type, body);
            case Pong.TYPE -> Pong.decode(body);
            case Ack.TYPE -> Ack.decode(body);
            case Crypto.TYPE -> Crypto.decode(body);
            case Message.TYPE -> Message.decode(body);
            case Receipt.TYPE -> Receipt.decode(body);
            case NewConnectionId.TYPE -> NewConnectionId.decode(body);
            case RetireConnectionId.TYPE -> RetireConnectionId.decode(body);
            case Limits.TYPE -> Limits.decode(body);
            case Open.TYPE -> Open.decode(body);
            case Opened.TYPE -> Opened.decode(body);
            case Close.TYPE -> Close.decode(body);
            case Nick.TYPE -> Nick.decode(body);
            default -> throw new AssertionError(type);
        };
    }
}
