/** Keys, handshake and packet protection of Cutlass. Needs Bouncy Castle's lightweight API and nothing else. */
@SuppressWarnings("module") // the modules named below are built later
module dev.cutlass.crypto {
    requires static transitive org.jspecify;
    requires org.bouncycastle.provider;

    exports dev.cutlass.crypto;
    exports dev.cutlass.crypto.file to
            dev.cutlass.cables,
            dev.cutlass.core;
    exports dev.cutlass.crypto.noise to
            dev.cutlass.core,
            dev.cutlass.testkit;
    exports dev.cutlass.crypto.packet to
            dev.cutlass.core,
            dev.cutlass.testkit;
    exports dev.cutlass.crypto.primitive to
            dev.cutlass.cables,
            dev.cutlass.core,
            dev.cutlass.testkit;
    exports dev.cutlass.crypto.provider to
            dev.cutlass.core,
            dev.cutlass.testkit;
}
