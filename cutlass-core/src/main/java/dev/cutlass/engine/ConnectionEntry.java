package dev.cutlass.engine;

/** One connection of a peer. */
final class ConnectionEntry extends DisposalStack.Disposable {}
