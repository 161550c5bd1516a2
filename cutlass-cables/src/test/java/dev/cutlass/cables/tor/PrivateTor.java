package dev.cutlass.cables.tor;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A whole Tor network on loopback, of Debian's {@code tor}: directory authorities, relays, and clients of which each has a SOCKS port and one onion service. Ends with this process
 * at the latest.
 */
final class PrivateTor implements AutoCloseable {
    /** Tor itself wants a majority of several. */
    private static final int AUTHORITIES = 3;

    /** With the authorities, which relay, too, enough for two onion circuits of three hops that do not meet. */
    private static final int RELAYS = 4;

    private static final int FINGERPRINT_LETTERS = 40;
    private static final long END_SECONDS = 20;

    private static final String TESTING = String.join(
            "\n",
            "TestingTorNetwork 1",
            "Address 127.0.0.1",
            "AssumeReachable 1",
            "PathsNeededToBuildCircuits 0.5",
            "TestingDirAuthVoteExit *",
            "TestingDirAuthVoteHSDir *",
            "TestingDirAuthVoteGuard *",
            "TestingMinExitFlagThreshold 0",
            "V3AuthNIntervalsValid 2",
            "ProtocolWarnings 0",
            "");

    private static final String VOTES = String.join(
            "\n",
            "AuthoritativeDirectory 1",
            "V3AuthoritativeDirectory 1",
            "ContactInfo none",
            "TestingV3AuthInitialVotingInterval 20",
            "TestingV3AuthInitialVoteDelay 4",
            "TestingV3AuthInitialDistDelay 4",
            "V3AuthVotingInterval 20",
            "V3AuthVoteDelay 4",
            "V3AuthDistDelay 4",
            "");

    /** One client of the network. */
    record Client(InetSocketAddress socks, InetSocketAddress control, InetSocketAddress target, Path hostNameFile) {
        /** Of the onion service of its configuration, which forwards port 80 to {@link #target}. */
        String host() throws IOException {
            return Files.readString(hostNameFile).trim();
        }
    }

    private final Path directory;
    private final List<Process> processes = new ArrayList<>();
    private final List<ServerSocket> reserved = new ArrayList<>();
    private final StringBuilder authorities = new StringBuilder();
    private final List<Client> clients = new ArrayList<>();

    private PrivateTor(Path directory) {
        this.directory = directory;
    }

    /** What this machine lacks, as a sentence that says what to do. */
    static Optional<String> missing() {
        for (String program : new String[] {"tor", "tor-gencert"}) {
            final boolean isThere = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
            if (!isThere) {
                return Optional.of("no program " + program + ": install the package tor (Debian: apt-get install tor)");
            }
        }
        return Optional.empty();
    }

    static PrivateTor start(Path directory, int clients) throws IOException, InterruptedException {
        final PrivateTor network = new PrivateTor(directory);
        try {
            network.startAll(clients);
            return network;
        } catch (IOException | InterruptedException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    List<Client> clients() {
        return List.copyOf(clients);
    }

    /** What is known about this network, for a test that failed. */
    String lastWords() throws IOException {
        final StringBuilder words = new StringBuilder();
        try (Stream<Path> logs = Files.find(directory, 2, (path, what) -> path.endsWith("log"))) {
            for (Path log : logs.sorted().toList()) {
                final List<String> lines = Files.readAllLines(log);
                words.append(log.getParent().getFileName())
                        .append(": ")
                        .append(lines.subList(Math.max(0, lines.size() - 3), lines.size()))
                        .append('\n');
            }
        }
        return words.toString();
    }

    private void startAll(int count) throws IOException, InterruptedException {
        final List<Integer> relayPorts = new ArrayList<>();
        final List<Integer> directoryPorts = new ArrayList<>();
        for (int i = 0; i < AUTHORITIES; i++) {
            relayPorts.add(reserve());
            directoryPorts.add(reserve());
            authorities.append(authority("authority" + i, relayPorts.get(i), directoryPorts.get(i)));
        }
        for (int i = 0; i < RELAYS; i++) {
            relayPorts.add(reserve());
        }
        for (int i = 0; i < count; i++) {
            clients.add(new Client(
                    loopback(reserve()),
                    loopback(reserve()),
                    loopback(reserve()),
                    folder("client" + i).resolve("service").resolve("hostname")));
        }
        release();
        for (int i = 0; i < AUTHORITIES + RELAYS; i++) {
            final boolean votes = i < AUTHORITIES;
            run(
                    votes ? "authority" + i : "relay" + (i - AUTHORITIES),
                    "ORPort 127.0.0.1:" + relayPorts.get(i) + "\nSocksPort 0\nExitPolicy reject *:*\n"
                            + (votes ? "DirPort 127.0.0.1:" + directoryPorts.get(i) + "\n" + VOTES : "ExitRelay 0\n"));
        }
        for (int i = 0; i < count; i++) {
            final Client client = clients.get(i);
            run(
                    "client" + i,
                    "SocksPort 127.0.0.1:" + client.socks().getPort() + "\nControlPort 127.0.0.1:"
                            + client.control().getPort() + "\nCookieAuthentication 1\nHiddenServiceDir "
                            + client.hostNameFile().getParent() + "\nHiddenServicePort 80 127.0.0.1:"
                            + client.target().getPort() + "\n");
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** A port that is free now; held until all are chosen, so that no two are the same. */
    private int reserve() throws IOException {
        final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        reserved.add(socket);
        return socket.getLocalPort();
    }

    private void release() throws IOException {
        for (ServerSocket socket : reserved) {
            socket.close();
        }
        reserved.clear();
    }

    private Path folder(String name) throws IOException {
        final Path folder = directory.resolve(name);
        if (!Files.exists(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return folder;
    }

    /** Makes its keys; the line by which the others know it. */
    private String authority(String name, int relayPort, int directoryPort) throws IOException, InterruptedException {
        final Path folder = folder(name);
        final Path keys = folder(name + "/keys");
        final String place = "127.0.0.1:" + directoryPort;
        call(keys, "tor-gencert", "--create-identity-key", "--passphrase-fd", "0", "-m", "12", "-a", place);
        final String voter = Files.readAllLines(keys.resolve("authority_certificate")).stream()
                .filter(line -> line.startsWith("fingerprint "))
                .findFirst()
                .orElseThrow()
                .substring("fingerprint ".length());
        // Tor makes its identity only with a configuration that is whole: this authority's own place is filled in
        // later.
        final String printed = call(
                folder,
                "tor",
                "--quiet",
                "--list-fingerprint",
                "--DataDirectory",
                folder.toString(),
                "--ORPort",
                String.valueOf(relayPort),
                "--Nickname",
                name,
                "--TestingTorNetwork",
                "1",
                "--DirAuthority",
                "none orport=1 v3ident=" + voter + " 127.0.0.1:1 " + "0".repeat(FINGERPRINT_LETTERS));
        final String letters =
                printed.lines().reduce((first, last) -> last).orElse("").replace(" ", "");
        return "DirAuthority " + name + " orport=" + relayPort + " no-v2 v3ident=" + voter + " " + place + " "
                + letters.substring(letters.length() - FINGERPRINT_LETTERS) + "\n";
    }

    private static String call(Path folder, String... command) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var input = process.getOutputStream()) {
            input.write("passphrase\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // It does not ask: the pipe is closed.
        }
        final String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command[0] + " ended with " + process.exitValue() + ": " + printed);
        }
        return printed;
    }

    private void run(String name, String lines) throws IOException {
        final Path folder = folder(name);
        final Path configuration = folder.resolve("torrc");
        Files.writeString(
                configuration,
                TESTING + "DataDirectory " + folder + "\nNickname " + name + "\nLog notice file "
                        + folder.resolve("log") + "\n__OwningControllerProcess "
                        + ProcessHandle.current().pid() + "\n" + authorities + lines);
        processes.add(new ProcessBuilder("tor", "--quiet", "-f", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start());
    }

    @Override
    public void close() throws IOException {
        release();
        processes.forEach(Process::destroy);
        boolean interrupted = false;
        for (Process process : processes) {
            try {
                if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                interrupted = true;
                process.destroyForcibly();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
