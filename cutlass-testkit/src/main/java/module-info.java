/** Peers in the same JVM, for tests of programs that embed Cutlass. */
module dev.cutlass.testkit {
    requires transitive dev.cutlass.core;
    requires transitive dev.cutlass.fixtures;
    requires transitive org.junit.jupiter.api;
    requires static transitive org.jspecify;

    exports dev.cutlass.testkit;
}
