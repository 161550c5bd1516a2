/**
 * Takes mail from programs of this machine by SMTP. Has threads of its own, named {@code cutlass-cables-smtp}; the only user of the SMTP server.
 */
@NullMarked
package dev.cutlass.cables.smtp;

import org.jspecify.annotations.NullMarked;
