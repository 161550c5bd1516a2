/** Messages of Cutlass to peers that are away, as mail between cables nodes. */
module dev.cutlass.offline {
    requires transitive dev.cutlass.cables;
    requires transitive dev.cutlass.core;
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports dev.cutlass.offline;
}
