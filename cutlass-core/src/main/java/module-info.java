/** Packets, protocol, engine and public API of Cutlass. */
@SuppressWarnings("module") // the modules of the qualified exports are built later, or not at all by an embedder
module dev.cutlass.core {
    requires transitive dev.cutlass.crypto;
    requires static transitive org.jspecify;
    requires static com.google.errorprone.annotations;
    requires static jdk.jfr; // events go nowhere without it
    requires org.slf4j;

    uses dev.cutlass.spi.DatagramPortProvider;

    exports dev.cutlass;
    exports dev.cutlass.event;
    exports dev.cutlass.spi;
    exports dev.cutlass.engine to
            dev.cutlass.testkit;
    exports dev.cutlass.wire to
            dev.cutlass.testkit;
}
