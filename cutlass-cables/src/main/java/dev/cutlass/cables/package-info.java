/**
 * Store-and-forward mail between hidden services: {@link dev.cutlass.cables.CablesHome} is a user's folder, {@link dev.cutlass.cables.CablesNode} runs in it. Any thread; what blocks says so. docs/cables.md.
 */
@NullMarked
package dev.cutlass.cables;

import org.jspecify.annotations.NullMarked;
