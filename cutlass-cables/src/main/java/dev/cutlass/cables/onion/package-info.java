/**
 * The node's own onion service, made through Tor's control port (control-spec: PROTOCOLINFO, AUTHCHALLENGE, AUTHENTICATE, ADD_ONION; nothing else). {@link
 * dev.cutlass.cables.onion.OnionService} has a thread of its own, the only one that speaks to Tor.
 */
@NullMarked
package dev.cutlass.cables.onion;

import org.jspecify.annotations.NullMarked;
