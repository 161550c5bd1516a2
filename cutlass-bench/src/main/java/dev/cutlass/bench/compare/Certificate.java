package dev.cutlass.bench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A new self-signed P-256 certificate for a TLS server, made by the JDK's own keytool. Clients trust whatever they see. */
record Certificate(KeyStore store, PrivateKey key, X509Certificate certificate) {
    static final String ALIAS = "bench";

    /** Guards nothing: the file lives for a moment. */
    static final String PASSWORD = "benchmark";

    private static final int KEYTOOL_SECONDS = 60;

    static Certificate generate() throws IOException, GeneralSecurityException, InterruptedException {
        final Path folder = Files.createTempDirectory("cutlass-bench");
        final Path file = folder.resolve("server.p12");
        try {
            final Process keytool = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            ALIAS,
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-dname",
                            "CN=localhost",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD,
                            "-keystore",
                            file.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!keytool.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IOException("keytool made no certificate");
            }
            final KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD.toCharArray());
            }
            return new Certificate(store, (PrivateKey) store.getKey(ALIAS, PASSWORD.toCharArray()), (X509Certificate)
                    store.getCertificate(ALIAS));
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }
}
