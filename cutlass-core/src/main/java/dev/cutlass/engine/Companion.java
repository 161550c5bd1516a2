package dev.cutlass.engine;

/** Something that runs beside the engine and has deadlines of its own. Without threads of the engine's ({@link EngineSeams#stepwise}) it gets its turns with those of housekeeping. Any thread. */
public interface Companion {
    /** When it has something to do, ticker nanoseconds; {@link Long#MAX_VALUE}: never. */
    long nextDeadline();

    /** Does what is due. */
    void turn(long now);

    /** The machine failed: gives back what a dead process would not hold, and does nothing more. For who drives an engine without threads. */
    void abandon();
}
