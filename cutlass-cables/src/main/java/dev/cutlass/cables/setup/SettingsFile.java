package dev.cutlass.cables.setup;

import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.exchange.Limits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes {@code cables.properties}: UTF-8, a key, an equals sign and a value on a line, {@code #} in front of remarks. {@link java.util.Properties} is not used because it forgets the numbers of lines and takes anything for a
 * key.
 */
final class SettingsFile {
    /** Bytes: a person writes it. */
    static final int MAX_LENGTH = 64 << 10;

    private static final int MAX_MAIL = 1 << 30;
    private static final int MIN_MAIL = 1 << 10;
    private static final int MAX_MESSAGES = 1_000_000;

    private static final Set<String> KEYS = Set.of(
            "hosts",
            "listen",
            "http-proxy",
            "socks5",
            "smtp",
            "tor-control",
            "retry",
            "queues",
            "maildir",
            "mh",
            "max-age",
            "max-mail",
            "max-incoming",
            "max-incoming-of-sender");

    private final Path file;
    private final Path home;
    private final Map<String, Value> values = new LinkedHashMap<>();

    private record Value(String text, int line) {}

    private SettingsFile(Path file, Path home) {
        this.file = file;
        this.home = home;
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException names file, line and what to do
     */
    static Settings parse(Path file, Path home, byte[] bytes) {
        final SettingsFile parsed = new SettingsFile(file, home);
        final List<String> lines = lines(file, bytes);
        for (int i = 0; i < lines.size(); i++) {
            parsed.line(lines.get(i).strip(), i + 1);
        }
        return parsed.settings();
    }

    private static List<String> lines(Path file, byte[] bytes) {
        final List<String> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '\n') {
                try {
                    lines.add(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes, from, i - from))
                            .toString());
                } catch (CharacterCodingException e) {
                    throw new IllegalArgumentException(
                            file + ", line " + (lines.size() + 1) + ": not UTF-8; save the file in that encoding", e);
                }
                from = i + 1;
            }
        }
        return lines;
    }

    private void line(String line, int number) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        final int equals = line.indexOf('=');
        final String key = equals < 0 ? line : line.substring(0, equals).strip();
        if (equals < 0) {
            throw at(number, "\"key = value\" is wanted, or # in front of a remark, not \"" + line + "\"");
        }
        if (!KEYS.contains(key)) {
            throw at(
                    number,
                    "there is no setting \"" + key + "\"; there are "
                            + String.join(", ", KEYS.stream().sorted().toList())
                            + ". Correct the line, or put # in front of it");
        }
        final Value before =
                values.put(key, new Value(line.substring(equals + 1).strip(), number));
        if (before != null) {
            throw at(number, key + " stands in line " + before.line() + " already; delete one of them");
        }
    }

    private IllegalArgumentException at(int line, String what) {
        return new IllegalArgumentException(file + ", line " + line + ": " + what);
    }

    private <T> @Nullable T get(String key, Function<String, T> reading) {
        final Value value = values.get(key);
        if (value == null || value.text().isEmpty()) {
            return null;
        }
        try {
            return reading.apply(value.text());
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(file + ", line " + value.line() + ": " + key + ": no path", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ", line " + value.line() + ": " + key + ": " + e.getMessage(), e);
        }
    }

    private <T> T get(String key, T otherwise, Function<String, T> reading) {
        final T value = get(key, reading);
        return value == null ? otherwise : value;
    }

    private Settings settings() {
        final List<HostName> hosts = get("hosts", SettingsFile::hosts);
        if (values.containsKey("http-proxy") && values.containsKey("socks5")) {
            throw at(values.get("socks5").line(), "socks5 and http-proxy exclude each other; delete one of them");
        }
        if (values.containsKey("maildir") && values.containsKey("mh")) {
            throw at(values.get("mh").line(), "mh and maildir exclude each other; delete one of them");
        }
        final Limits usual = Limits.DEFAULT;
        final Settings settings = new Settings(
                hosts == null ? List.of() : hosts,
                get("listen", Texts::socketAddress),
                get("http-proxy", Texts::socketAddress),
                get("socks5", Texts::socketAddress),
                get("smtp", Texts::socketAddress),
                get("tor-control", Texts::socketAddress),
                get(
                        "retry",
                        Settings.DEFAULT_RETRY,
                        text -> Texts.duration(text, Settings.MIN_RETRY, Settings.MAX_RETRY)),
                get("queues", home::resolve),
                get("maildir", home::resolve),
                get("mh", home::resolve),
                new Limits(
                        get(
                                "max-age",
                                usual.maxAge(),
                                text -> Texts.duration(text, Settings.MIN_AGE, Settings.MAX_AGE)),
                        get("max-mail", usual.maxMail(), text -> Texts.size(text, MIN_MAIL, MAX_MAIL)),
                        get("max-incoming", usual.maxIncoming(), text -> Texts.number(text, 1, MAX_MESSAGES)),
                        get(
                                "max-incoming-of-sender",
                                usual.maxIncomingOfSender(),
                                text -> Texts.number(text, 1, MAX_MESSAGES))));
        if (settings.hosts().isEmpty()) {
            throw new IllegalArgumentException(
                    file + ": there is no line \"hosts = NAME.onion\" (several with commas between"
                            + " them); write one with the names under which this node can be reached");
        }
        return settings;
    }

    private static List<HostName> hosts(String text) {
        final List<HostName> hosts = new ArrayList<>();
        for (String each : text.split("[,\\s]+", -1)) {
            if (!each.isEmpty()) {
                hosts.add(HostName.of(each));
            }
        }
        return List.copyOf(hosts);
    }

    /** What a new home folder has: the hosts, and all else as remarks with what counts if they stay. */
    static byte[] text(List<HostName> hosts) {
        final Limits usual = Limits.DEFAULT;
        return String.join(
                        "\n",
                        "# Settings of a cables node (UTF-8). What is given on the command line counts more than what stands here.",
                        "# The names under which this node can be reached; mail is sent with one of them in From.",
                        "hosts = "
                                + String.join(
                                        ", ", hosts.stream().map(HostName::text).toList()),
                        "",
                        "# Where the onion service or I2P tunnel forwards its port 80 to.",
                        "#listen = 127.0.0.1:9080",
                        "# Tor's control port, to make the onion service of onion.pem there (init --onion); torrc makes it if this is not set.",
                        "#tor-control = 127.0.0.1:9051",
                        "# How others are reached: one of the two. Tor's SOCKS port; an HTTP proxy (privoxy, I2P).",
                        "#socks5 = 127.0.0.1:9050",
                        "#http-proxy = 127.0.0.1:8118",
                        "# Mail programs of this machine may submit here; nowhere if it is not set.",
                        "#smtp = 127.0.0.1:2525",
                        "",
                        "# Relative paths start at this file. In queues there are queue and rqueue; mail goes to maildir or mh.",
                        "#queues = .",
                        "#maildir = Maildir",
                        "#mh = Mail/inbox",
                        "",
                        "#retry = " + Texts.text(Settings.DEFAULT_RETRY),
                        "#max-age = " + Texts.text(usual.maxAge()),
                        "#max-mail = " + (usual.maxMail() >> 20) + "M",
                        "#max-incoming = " + usual.maxIncoming(),
                        "#max-incoming-of-sender = " + usual.maxIncomingOfSender(),
                        "")
                .getBytes(StandardCharsets.UTF_8);
    }
}
