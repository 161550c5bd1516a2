package dev.cutlass.engine;

import dev.cutlass.proto.handshake.Verdict;
import java.net.InetSocketAddress;

/** A part of a handshake that passed the gate, on its way from the listener to housekeeping. */
record Arrival(Verdict verdict, InetSocketAddress from, int channel) {}
