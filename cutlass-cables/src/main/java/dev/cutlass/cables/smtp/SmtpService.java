package dev.cutlass.cables.smtp;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.mail.MailException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.subethamail.smtp.server.SMTPServer;

/**
 * Submission for mail programs that send by SMTP. On the loopback address alone, without a password: whoever can connect may send in the user's name. Any thread.
 */
public final class SmtpService implements AutoCloseable {
    /** Programs of one person. */
    private static final int MAX_CONNECTIONS = 10;

    /** As many addresses as a mail may have. */
    private static final int MAX_RECIPIENTS = 1_000;

    private static final int IDLE_MILLIS = 60_000;
    private static final long STOP_SECONDS = 2;

    private final SMTPServer server;
    private final ThreadPoolExecutor threads;

    /** Takes a mail. */
    public interface Submission {
        /**
         * When this returns the mail will be sent to all these, else to nobody.
         *
         * @param recipients as the program named them outside the mail
         */
        void submit(byte[] mail, Set<CablesAddress> recipients) throws MailException, IOException;
    }

    private SmtpService(SMTPServer server, ThreadPoolExecutor threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Begins to take mail.
     *
     * @param address a loopback address; port 0 for any that is free
     * @param maxMail bytes of a mail
     * @throws IllegalArgumentException if it is no loopback address
     * @throws IOException if nothing can listen there
     */
    public static SmtpService start(InetSocketAddress address, int maxMail, Submission submission) throws IOException {
        if (address.getAddress() == null || !address.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("smtp: a loopback address like 127.0.0.1:2525 is wanted, not " + address
                    + ": whoever can connect may send in your name");
        }
        final ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MAX_CONNECTIONS + 1,
                MAX_CONNECTIONS + 1,
                IDLE_MILLIS,
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                work -> {
                    final Thread thread = new Thread(work, "cutlass-cables-smtp");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        final SMTPServer server = SMTPServer.port(address.getPort())
                .bindAddress(address.getAddress())
                .hostName("localhost") // else it asks the resolver, and tells the name of this machine
                .softwareName("cables")
                .insertReceivedHeaders(false)
                .maxConnections(MAX_CONNECTIONS)
                .maxRecipients(MAX_RECIPIENTS)
                .maxMessageSize(maxMail)
                .connectionTimeoutMs(IDLE_MILLIS)
                .executorService(threads)
                .messageHandlerFactory(context -> new Envelope(maxMail, submission))
                .build();
        try {
            server.start();
        } catch (RuntimeException e) { // it wraps what the socket says
            threads.shutdownNow();
            throw new IOException("smtp: cannot listen at " + address + ": " + e.getMessage(), e);
        }
        return new SmtpService(server, threads);
    }

    /** Where it listens. */
    public int port() {
        return server.getPortAllocated();
    }

    /** Ends it; mail that was answered with 250 is queued, other mail is not. */
    @Override
    public void close() {
        server.stop();
        threads.shutdownNow();
        try {
            threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
