/** Store-and-forward mail between hidden services: the cables protocol. */
@SuppressWarnings("requires-automatic") // the SMTP server is no module yet; nothing of it is in what is exported
module dev.cutlass.cables {
    requires static com.google.errorprone.annotations;
    requires static transitive org.jspecify;
    requires transitive dev.cutlass.crypto;
    requires jakarta.mail;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.bouncycastle.util;
    requires org.eclipse.jetty.client;
    requires org.eclipse.jetty.server;
    requires org.slf4j;
    requires subethasmtp;

    exports dev.cutlass.cables;
    exports dev.cutlass.cables.address;
    exports dev.cutlass.cables.mailbox;
}
