package dev.cutlass.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.event.CloseReason;
import dev.cutlass.proto.recovery.Deadlines;
import dev.cutlass.wire.CloseCode;
import dev.cutlass.wire.CloseFrame;
import dev.cutlass.wire.LimitsFrame;
import dev.cutlass.wire.PingFrame;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every state of a connection, and what every input makes of it. */
class ConnectionStateTest {
    private static final long SECOND = Alone.SECOND;

    /** Everything that can happen to a connection. */
    enum Input {
        PACKET(c -> c.hear(new PingFrame(1))),
        CLOSE_FRAME(c -> c.hear(new CloseFrame(0, ""))),
        BAD_FRAMES(c -> c.hear(new dev.cutlass.wire.RetireConnectionIdFrame(99))),
        GARBAGE(c -> c.hearBytes(new byte[100], Alone.PEER, 0)),
        ADMIT(c -> c.connection.admit(c.now)),
        CLOSE(c -> c.connection.close(CloseCode.NORMAL, "", c.now)),
        SUPERSEDE(c -> c.connection.supersede(c.now)),
        DISPOSE(c -> c.connection.dispose()),
        PING(c -> c.connection.ping(c.now)),
        PATH_FAILED(c -> c.connection.pathFailed(0, c.now)),
        NETWORK_CHANGED(c -> c.connection.networkChanged(c.now)),
        REPEATED_FLIGHT_3(c -> c.connection.repeatConfirmation(c.now)),
        EARLY_TIMEOUT(c -> c.connection.handleTimeout(c.now)),
        FIVE_SECONDS(c -> c.runTo(c.now + 5 * SECOND)),
        SILENCE(c -> c.runTo(c.now + 60 * SECOND));

        private final Consumer<Alone> action;

        Input(Consumer<Alone> action) {
            this.action = action;
        }
    }

    private static Alone in(ConnectionState state) {
        final Alone alone = new Alone(state == ConnectionState.UNCONFIRMED);
        switch (state) {
            case UNCONFIRMED, OPEN -> {}
            case FADING -> alone.connection.supersede(0);
            case CLOSING -> alone.connection.close(CloseCode.NORMAL, "", 0);
            case DRAINING -> alone.hear(new CloseFrame(0, ""));
            case CLOSED -> alone.connection.dispose();
        }
        alone.drain();
        assertEquals(state, alone.connection.state());
        return alone;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            INPUT             | UNCONFIRMED | OPEN     | FADING | CLOSING  | DRAINING | CLOSED
            PACKET            | OPEN        | OPEN     | FADING | CLOSING  | DRAINING | CLOSED
            CLOSE_FRAME       | DRAINING    | DRAINING | FADING | DRAINING | DRAINING | CLOSED
            BAD_FRAMES        | CLOSING     | CLOSING  | FADING | CLOSING  | DRAINING | CLOSED
            GARBAGE           | UNCONFIRMED | OPEN     | FADING | CLOSING  | DRAINING | CLOSED
            ADMIT             | UNCONFIRMED | OPEN     | FADING | CLOSING  | DRAINING | CLOSED
            CLOSE             | CLOSED      | CLOSING  | FADING | CLOSING  | DRAINING | CLOSED
            SUPERSEDE         | CLOSED      | FADING   | FADING | CLOSING  | DRAINING | CLOSED
            DISPOSE           | CLOSED      | CLOSED   | CLOSED | CLOSED   | CLOSED   | CLOSED
            PING              | UNCONFIRMED | OPEN     | FADING | CLOSING  | DRAINING | CLOSED
            PATH_FAILED       | UNCONFIRMED | OPEN     | FADING | CLOSING  | DRAINING | CLOSED
            NETWORK_CHANGED   | UNCONFIRMED | OPEN     | FADING | CLOSING  | DRAINING | CLOSED
            REPEATED_FLIGHT_3 | UNCONFIRMED | OPEN     | FADING | CLOSING  | DRAINING | CLOSED
            EARLY_TIMEOUT     | UNCONFIRMED | OPEN     | FADING | CLOSING  | DRAINING | CLOSED
            FIVE_SECONDS      | UNCONFIRMED | OPEN     | CLOSED | CLOSED   | CLOSED   | CLOSED
            SILENCE           | CLOSED      | CLOSED   | CLOSED | CLOSED   | CLOSED   | CLOSED
            """)
    void everyInputInEveryStateLeadsWhereTheTableSays(
            Input input,
            ConnectionState unconfirmed,
            ConnectionState open,
            ConnectionState fading,
            ConnectionState closing,
            ConnectionState draining,
            ConnectionState closed) {
        final List<ConnectionState> expected = List.of(unconfirmed, open, fading, closing, draining, closed);
        for (ConnectionState state : ConnectionState.values()) {
            final Alone alone = in(state);
            input.action.accept(alone);
            alone.drain();
            assertEquals(
                    expected.get(List.of(ConnectionState.values()).indexOf(state)),
                    alone.connection.state(),
                    input + " in " + state);
        }
    }

    @ParameterizedTest
    @EnumSource(Input.class)
    void whateverHappensThereIsOneEndingAndThenOneClosedAndNothingAfterIt(Input first) {
        for (Input second : Input.values()) {
            for (ConnectionState state : ConnectionState.values()) {
                final Alone alone = in(state);
                first.action.accept(alone);
                second.action.accept(alone);
                alone.runTo(alone.now + 600 * SECOND);
                final List<Output> outputs = alone.outputs;
                assertEquals(1, Alone.count(outputs, Output.Ending.class), first + ", " + second + " in " + state);
                assertEquals(1, Alone.count(outputs, Output.Closed.class), first + ", " + second + " in " + state);
                assertTrue(outputs.get(outputs.size() - 1) instanceof Output.Closed);
                assertEquals(Deadlines.NONE, alone.connection.nextDeadline());
                alone.hear(new PingFrame(1), new LimitsFrame(1 << 20));
                alone.connection.flush(alone.now);
                assertEquals(List.of(), alone.drain());
                assertEquals(0, alone.conversation.heldBytes());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NORMAL,NORMAL",
        "REFUSED,REFUSED",
        "SHUTDOWN,SHUTDOWN",
        "PROTOCOL_VIOLATION,PROTOCOL_VIOLATION",
        "UNKNOWN_FRAME,PROTOCOL_VIOLATION",
        "FLOW_CONTROL,PROTOCOL_VIOLATION",
        "KEY_LIMIT,KEY_LIMIT",
        "EXPIRED,EXPIRED",
        "INTERNAL,INTERNAL",
        "OTHER,OTHER"
    })
    void theReasonOfThePeerIsTold(CloseCode code, CloseReason reason) {
        final Alone alone = new Alone(false);
        alone.hear(new CloseFrame(code == CloseCode.OTHER ? 4_711 : code.code(), "because"));
        assertTrue(alone.outputs.contains(new Output.Ending(reason, true, true, "because")));
    }
}
