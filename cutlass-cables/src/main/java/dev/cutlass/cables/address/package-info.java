/** Names of the cables network: users, hosts, messages, MACs. Values that are well-formed or do not exist. Any thread. */
@NullMarked
package dev.cutlass.cables.address;

import org.jspecify.annotations.NullMarked;
