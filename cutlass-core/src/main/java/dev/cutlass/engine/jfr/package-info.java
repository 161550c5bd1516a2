/**
 * What the JDK's flight recorder hears of an engine. Any thread. The only user of {@code jdk.jfr}, a module that need not be there: nothing here is loaded without it but
 * {@link dev.cutlass.engine.jfr.FlightEvents}.
 */
@NullMarked
package dev.cutlass.engine.jfr;

import org.jspecify.annotations.NullMarked;
