/**
 * The chat client: {@link dev.cutlass.examples.chat.ChatRoom} is the talk, for any thread; a {@link dev.cutlass.examples.chat.ChatView} shows it, in a
 * terminal or for a script.
 */
@NullMarked
package dev.cutlass.examples.chat;

import org.jspecify.annotations.NullMarked;
