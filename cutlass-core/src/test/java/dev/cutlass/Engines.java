package dev.cutlass;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cutlass.event.ConnectFailedException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/** Engines over real sockets on loopback, all closed after the test. */
abstract class Engines {
    private final Deque<TestEngine> open = new ArrayDeque<>();

    TestEngine start(String nick) throws IOException {
        return start(nick, builder -> builder);
    }

    TestEngine start(String nick, UnaryOperator<CutlassBuilder> settings) throws IOException {
        return kept(TestEngine.start(nick, settings));
    }

    TestEngine kept(TestEngine engine) {
        open.push(engine);
        return engine;
    }

    @AfterEach
    void closeAll() {
        open.forEach(TestEngine::close);
    }

    static ConnectFailedException failureOf(TestEngine engine, PeerAddress address) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> engine.connect(address));
        return assertInstanceOf(ConnectFailedException.class, e.getCause());
    }
}
