package dev.cutlass.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * OpenSSH's scp to an sshd of our own on a port of the loopback address, with keys and a configuration that live as long as it does. Each file is a connection of its own, as with everybody who types it. scp does not call
 * fsync, so it is called behind it.
 */
final class Scp implements FileContender {
    /** What both sides agree on by themselves. */
    static final String DEFAULT_CIPHER = "";

    /** It wants to be called by its full name, since it starts itself again for each connection. */
    private static final Path SSHD = Path.of("/usr/sbin/sshd");

    private static final long PATIENCE_SECONDS = 60;

    /** In /proc/PID/stat, behind the name of the program: user, system, and both again of children that have ended. */
    private static final int STAT_USER = 11;

    private static final int STAT_CHILDREN_USER = 13;
    private static final int STAT_END = 15;

    /** Linux tells processor time in hundredths of a second. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final String cipher;

    Scp(String cipher) {
        this.cipher = cipher;
    }

    @Override
    public String label() {
        return cipher.isEmpty() ? "scp (OpenSSH), its own choice of cipher" : "scp (OpenSSH), " + cipher;
    }

    /** @throws IOException if it is not installed, for one; docs/performance.md says how */
    @Override
    public Receiver receive(Path folder) throws IOException, InterruptedException {
        if (!Files.isExecutable(SSHD)) {
            throw new IOException("there is no " + SSHD + " (Debian: openssh-server)");
        }
        final Path home = Files.createTempDirectory("cutlass-bench-ssh");
        run(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                home.resolve("host").toString());
        run(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                home.resolve("user").toString());
        final int port = freePort();
        final Path config = home.resolve("sshd_config");
        Files.writeString(
                config,
                String.join(
                        "\n",
                        "ListenAddress 127.0.0.1",
                        "Port " + port,
                        "HostKey " + home.resolve("host"),
                        "AuthorizedKeysFile " + home.resolve("user.pub"),
                        "StrictModes no", // a temporary folder has a parent that everybody may write to
                        "PasswordAuthentication no",
                        "KbdInteractiveAuthentication no",
                        "UsePAM no",
                        "PidFile none",
                        "Subsystem sftp internal-sftp",
                        ""));
        final Process sshd = new ProcessBuilder(SSHD.toString(), "-D", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        try {
            awaitPort(sshd, port);
        } catch (IOException e) {
            final String log = Files.readString(home.resolve("log"));
            stop(sshd, home);
            throw new IOException("sshd does not start: " + log, e);
        }
        return new Receiver() {
            @Override
            public String address() {
                return port + "," + home + "," + folder;
            }

            @Override
            public long firstByteAt() {
                return UNKNOWN;
            }

            @Override
            public long otherCpuNanos() throws IOException {
                awaitNoChildren(sshd);
                return cpuNanos(Long.toString(sshd.pid()), STAT_USER);
            }

            @Override
            public void close() throws IOException {
                stop(sshd, home);
            }
        };
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitPort(Process sshd, int port) throws IOException, InterruptedException {
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.isConnected()) {
                    return;
                }
            } catch (IOException e) {
                if (!sshd.isAlive() || System.nanoTime() - end >= 0) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    /** Only those that have ended are in the sum of their parent. */
    private static void awaitNoChildren(Process sshd) throws IOException {
        final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            while (sshd.children().findAny().isPresent()) {
                if (System.nanoTime() - end >= 0) {
                    throw new IOException("sshd's processes do not end");
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static long cpuNanos(String process, int from) throws IOException {
        final String stat = Files.readString(Path.of("/proc", process, "stat"));
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int i = from; i < STAT_END; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks * TICK_NANOS;
    }

    private static void stop(Process sshd, Path home) throws IOException {
        sshd.destroy();
        for (String name : List.of("host", "host.pub", "user", "user.pub", "sshd_config", "log", "known_hosts")) {
            Files.deleteIfExists(home.resolve(name));
        }
        Files.delete(home);
    }

    @Override
    public Sender connect(String address) {
        final String[] words = address.split(",", 3);
        final Path home = Path.of(words[1]);
        final Path folder = Path.of(words[2]);
        final List<String> command = new ArrayList<>(List.of(
                "scp",
                "-q",
                "-F",
                "none",
                "-i",
                home.resolve("user").toString(),
                "-o",
                "BatchMode=yes",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=" + home.resolve("known_hosts"),
                "-P",
                words[0]));
        if (!cipher.isEmpty()) {
            command.addAll(List.of("-c", cipher));
        }
        return new Sender() {
            @Override
            public void send(Path file) throws IOException, InterruptedException {
                final Path target = folder.resolve(file.getFileName());
                final List<String> words = new ArrayList<>(command);
                words.add(file.toString());
                words.add("127.0.0.1:" + target);
                run(words.toArray(new String[0]));
                try (FileChannel came = FileChannel.open(target, StandardOpenOption.WRITE)) {
                    came.force(true);
                }
            }

            @Override
            public long otherCpuNanos() throws IOException {
                return cpuNanos("self", STAT_CHILDREN_USER);
            }

            @Override
            public void close() {
                // each file had a connection of its own
            }
        };
    }

    private static void run(String... command) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command[0] + " ended with " + process.exitValue() + ": " + said);
        }
    }
}
