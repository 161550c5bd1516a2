package dev.cutlass.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.security.GeneralSecurityException;
import java.util.function.Consumer;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Both directions of the bare program: frames cut into numbered packets, each sealed by itself. One thread. */
final class PackedPackets {
    /** Bytes of a packet: a little less than Ethernet carries. */
    static final int PACKET = 1_400;

    private static final int HEADER = 1 + Long.BYTES;
    private static final int TAG = 16;
    private static final int TAG_BITS = 128;
    private static final int NONCE = 12;
    private static final byte DATA = 0;
    private static final byte ACK = 1;

    /** Packets per ACK. */
    private static final int ACK_EVERY = 32;

    /** Packets under way: what a default receive buffer of Linux (208 KiB, kernel overhead included) takes without loss. */
    private static final int WINDOW = 64;

    private final DatagramChannel channel;
    private final @Nullable Cipher cipher;
    private final @Nullable SecretKeySpec key;
    private final boolean client;
    private final int room;
    private final byte[] nonce = new byte[NONCE];
    private final byte[] plain;
    private final byte[] sealed = new byte[PACKET];
    private final byte[] opened = new byte[PACKET];
    private final ByteBuffer out = ByteBuffer.allocateDirect(PACKET);
    private final ByteBuffer in = ByteBuffer.allocateDirect(PACKET);
    private final ByteBuffer frameHeader = ByteBuffer.allocate(Frames.HEADER);
    private final Frames frames = new Frames();
    private @Nullable SocketAddress peer;
    private int filled;
    private long sent;
    private long acked;
    private long received;

    /** @param key null: in the clear */
    PackedPackets(DatagramChannel channel, byte @Nullable [] key, boolean client) {
        this.channel = channel;
        this.client = client;
        this.room = PACKET - HEADER - (key == null ? 0 : TAG);
        this.plain = new byte[PACKET];
        if (key == null) {
            this.cipher = null;
            this.key = null;
            return;
        }
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
            this.key = new SecretKeySpec(key, "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    void send(byte[] message) throws IOException {
        append(frameHeader.putInt(0, message.length).array());
        append(message);
    }

    private void append(byte[] bytes) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            final int part = Math.min(room - filled, bytes.length - at);
            System.arraycopy(bytes, at, plain, filled, part);
            at += part;
            filled += part;
            if (filled == room) {
                flush();
            }
        }
    }

    void flush() throws IOException {
        if (filled == 0) {
            return;
        }
        while (client && sent - acked >= WINDOW) {
            read(message -> {
                throw new IllegalStateException("nothing was asked");
            });
        }
        out.clear().put(DATA).putLong(sent);
        if (cipher == null) {
            out.put(plain, 0, filled);
        } else {
            out.put(sealed, 0, crypt(Cipher.ENCRYPT_MODE, client, sent, plain, filled, sealed));
        }
        filled = 0;
        sent++;
        transmit();
    }

    /** Sends one at once. */
    void answer(byte[] message) {
        try {
            send(message);
            flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void transmit() throws IOException {
        out.flip();
        if (client) {
            channel.write(out);
        } else {
            channel.send(out, peer);
        }
    }

    /** Waits for one packet, and calls for the messages that are complete with it. */
    void read(Consumer<byte[]> onMessage) throws IOException {
        in.clear();
        if (client) {
            channel.read(in);
        } else {
            final SocketAddress from = channel.receive(in);
            if (!from.equals(peer)) {
                peer = from;
                received = 0;
                sent = 0;
            }
        }
        in.flip();
        final byte type = in.get();
        final long number = in.getLong();
        if (type == ACK) {
            acked = number;
            return;
        }
        if (number != received) {
            throw new IllegalStateException("packet " + received + " was lost");
        }
        received++;
        final int length = in.remaining();
        in.get(sealed, 0, length);
        if (cipher == null) {
            frames.take(sealed, 0, length, onMessage);
        } else {
            // Into an array of its own: the answer to a message may be packed meanwhile.
            frames.take(opened, 0, crypt(Cipher.DECRYPT_MODE, !client, number, sealed, length, opened), onMessage);
        }
        if (!client && received % ACK_EVERY == 0) {
            out.clear().put(ACK).putLong(received);
            transmit();
        }
    }

    private int crypt(int mode, boolean fromClient, long number, byte[] input, int length, byte[] output) {
        final Cipher aead = cipher;
        if (aead == null) {
            throw new IllegalStateException("no key");
        }
        ByteBuffer.wrap(nonce).put(0, fromClient ? DATA : ACK).putLong(NONCE - Long.BYTES, number);
        try {
            aead.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            return aead.doFinal(input, 0, length, output, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
