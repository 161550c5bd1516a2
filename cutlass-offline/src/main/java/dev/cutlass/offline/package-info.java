/** {@link dev.cutlass.offline.CablesOfflineDelivery} carries messages of Cutlass to peers that are away through a cables node. docs/offline.md. Any thread; what is called may wait for the disk. */
@NullMarked
package dev.cutlass.offline;

import org.jspecify.annotations.NullMarked;
