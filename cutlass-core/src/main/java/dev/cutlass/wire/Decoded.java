package dev.cutlass.wire;

/** What the next bytes of a packet turned out to be. */
public sealed interface Decoded permits Frame, Malformed, UnknownFrame {}
