/** A seeded simulated network in virtual time, for tests. Knows JDK types only. */
module dev.cutlass.fixtures {
    requires static transitive org.jspecify;

    exports dev.cutlass.fixtures;
}
