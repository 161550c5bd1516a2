/**
 * Values that applications see: events, reasons, policies, messages. Immutable, for any thread. Knows peers by {@code PeerId} only.
 */
@NullMarked
package dev.cutlass.event;

import org.jspecify.annotations.NullMarked;
