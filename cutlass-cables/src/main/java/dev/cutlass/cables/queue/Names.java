package dev.cutlass.cables.queue;

import java.util.Set;

/** Files in the directory of a message: the original's names (cables protocol section 10), and ours, which the original leaves alone. */
public final class Names {
    // Markers of an outgoing message.
    public static final String SEND_REQ = "send.req";
    public static final String SEND_RDY = "send.rdy";
    public static final String SEND_OK = "send.ok";
    public static final String ACK_REQ = "ack.req";
    public static final String ACK_OK = "ack.ok";

    // Markers of an incoming one.
    public static final String PEER_REQ = "peer.req";
    public static final String PEER_OK = "peer.ok";
    public static final String RECV_REQ = "recv.req";
    public static final String RECV_RDY = "recv.rdy";
    public static final String RECV_OK = "recv.ok";

    // The other side, and for an outgoing message how it knows us.
    public static final String USER = "username";
    public static final String HOST = "hostname";
    public static final String OWN_USER = "susername";
    public static final String OWN_HOST = "shostname";

    public static final String MESSAGE = "message";
    public static final String HEADER = "message.hdr";
    public static final String SEALED = "message.enc";
    public static final String SENDER_KEY = "speer.sig";
    public static final String RECIPIENT_KEY = "rpeer.sig";
    public static final String PRIVATE_KEY = "derive.pem";
    public static final String SEND_MAC = "send.mac";
    public static final String RECV_MAC = "recv.mac";
    public static final String ACK_MAC = "ack.mac";

    /** Ours: the compressed mail of a message that was sent and is not confirmed, in the clear, so that it can be sent anew. */
    public static final String RESEND = "cutlass.resend";

    /** Ours: ids of earlier messages that this one stands for, one a line. */
    public static final String REPLACES = "cutlass.replaces";

    /** Ours: when a message that stands for an earlier one was first submitted, in milliseconds since 1970. */
    public static final String BEGUN = "cutlass.begun";

    /** Ours: an ack was said and its answer was lost, so the next refusal most likely means that it was heard. */
    public static final String ACK_SAID = "cutlass.acksaid";

    /** What an outgoing message always has. */
    static final Set<String> OUTGOING_ADDRESSES = Set.of(USER, HOST, OWN_USER, OWN_HOST);

    /** What an incoming one always has. */
    static final Set<String> INCOMING_ADDRESSES = Set.of(USER, HOST);

    /** What was computed for a message that is sent. */
    static final Set<String> SENT = Set.of(SEALED, SENDER_KEY, SEND_MAC, RECV_MAC, ACK_MAC);

    private Names() {}
}
