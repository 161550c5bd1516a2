/** Keys, handshake and packet protection of Cutlass. Needs Bouncy Castle's lightweight API and nothing else. */
module dev.cutlass.crypto {
    requires static transitive org.jspecify;
    requires org.bouncycastle.provider;
}
