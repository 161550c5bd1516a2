package dev.cutlass.proto;

/**
 * The life of a connection.
 * <pre>
 *   initiator                       responder
 *       |                               |
 *  UNCONFIRMED --first packet--------> OPEN --close()--------> CLOSING --CLOSE came--+
 *       |                               | |                       |                  |
 *       |                               | +--CLOSE came--> DRAINING &lt;-----------------+
 *       |                               |                         | |
 *       |                               +--supersede()--> FADING  | |
 *       |                               |                    |    | |
 *       |                           idle end             3 probe timeouts
 *       |                               |                    |    | |
 *       +--close(), idle end----------> CLOSED &lt;-------------+----+-+
 * </pre>
 */
enum ConnectionState {
    /** The initiator sent flight 3 and has not heard anything: nothing may be sent. docs/protocol.md section 3.6. */
    UNCONFIRMED(true, false),
    /** Both sides know that the other has the keys. */
    OPEN(true, true),
    /** Another connection with the same peer took over: what still comes is authenticated and dropped. docs/protocol.md section 3.7. */
    FADING(false, false),
    /** We sent CLOSE, and answer what still comes with CLOSE. docs/protocol.md section 5.3. */
    CLOSING(false, false),
    /** The peer sent CLOSE: nothing more is sent. */
    DRAINING(false, false),
    /** Over. Every input is ignored. */
    CLOSED(false, false);

    private final boolean live;
    private final boolean sending;

    ConnectionState(boolean live, boolean sending) {
        this.live = live;
        this.sending = sending;
    }

    /** Whether frames are acted on. */
    boolean isLive() {
        return live;
    }

    /** Whether frames other than CLOSE are sent. */
    boolean isSending() {
        return sending;
    }
}
