/**
 * One small program per feature, for who embeds the library: each can be read on one screen, runs by itself on one machine, and is run by the tests.
 * After {@code ./cutlass demo} has built them:
 *
 * <pre>{@code java -cp 'cutlass-examples/target/launcher/lib/*' dev.cutlass.examples.feature.TwoPeers}</pre>
 *
 * Threads: {@code main} runs on the caller's; handlers come on the engine's handler executor, where they may block.
 */
@NullMarked
package dev.cutlass.examples.feature;

import org.jspecify.annotations.NullMarked;
