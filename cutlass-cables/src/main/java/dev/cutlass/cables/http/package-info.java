/**
 * HTTP: the service that peers ask, and the client that asks peers. Cables protocol sections 7 and 9; docs/cables-design.md section 6. The
 * only user of Jetty. The service has threads of its own; the client blocks the thread that calls it.
 */
@NullMarked
package dev.cutlass.cables.http;

import org.jspecify.annotations.NullMarked;
