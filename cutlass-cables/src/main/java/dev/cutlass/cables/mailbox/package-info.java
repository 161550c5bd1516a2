/**
 * Where mail for the user goes: a Maildir, a folder of MH, memory, or whatever an application makes of {@link dev.cutlass.cables.mailbox.Mailbox}. Workers of messages call it, several at a time.
 */
@NullMarked
package dev.cutlass.cables.mailbox;

import org.jspecify.annotations.NullMarked;
