package dev.cutlass.cables.setup;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values as people write them. Each throws {@link IllegalArgumentException} that says what is wanted. */
public final class Texts {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d|)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,10})([kKmM]?)");
    private static final int MAX_PORT = 65_535;

    private Texts() {}

    /** {@code 500ms}, {@code 90s}, {@code 5m}, {@code 12h}, {@code 7d}; a number alone is seconds. */
    public static Duration duration(String text) {
        final Matcher parts = DURATION.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "a time like 90s, 5m, 12h or 7d is wanted (ms, s, m, h, d), not \"" + text + "\"");
        }
        final long count = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofSeconds(count);
        };
    }

    /** A time between two, both allowed. */
    public static Duration duration(String text, Duration least, Duration most) {
        final Duration value = duration(text);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    text(least) + " to " + text(most) + " are allowed, not \"" + text + "\"");
        }
        return value;
    }

    /** The other way round. */
    public static String text(Duration duration) {
        final long millis = duration.toMillis();
        if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        final long seconds = duration.toSeconds();
        return seconds % 86_400 == 0
                ? seconds / 86_400 + "d"
                : seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** Bytes: {@code 1000}, {@code 64k}, {@code 64M} (of 1,024 and 1,048,576). */
    public static int size(String text, int least, int most) {
        final Matcher parts = SIZE.matcher(text.strip());
        final long unit = !parts.matches() || parts.group(2).isEmpty()
                ? 1
                : parts.group(2).toLowerCase(Locale.ROOT).equals("k") ? 1 << 10 : 1 << 20;
        final long value = parts.matches() ? Long.parseLong(parts.group(1)) * unit : -1;
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "a size like 500k or 64M, of " + least + " to " + most + " bytes, is wanted, not \"" + text + "\"");
        }
        return (int) value;
    }

    /** A whole number. */
    public static int number(String text, int least, int most) {
        final String digits = text.strip();
        final long value = digits.matches("[0-9]{1,10}") ? Long.parseLong(digits) : -1;
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "a number of " + least + " to " + most + " is wanted, not \"" + text + "\"");
        }
        return (int) value;
    }

    /** {@code 127.0.0.1:9080}, {@code [::1]:9080}, {@code localhost:9080}, with or without {@code http://} in front. Not looked up. */
    public static InetSocketAddress socketAddress(String text) {
        final String stripped = text.strip();
        final String plain = stripped.startsWith("http://") ? stripped.substring(7) : stripped;
        final String trimmed = plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
        final int colon = trimmed.lastIndexOf(':');
        final String host = colon < 0 ? "" : trimmed.substring(0, colon);
        final String port = trimmed.substring(colon + 1);
        final boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty()
                || (host.indexOf(':') >= 0 && !isBracketed)
                || !port.matches("[0-9]{1,5}")
                || Integer.parseInt(port) > MAX_PORT) {
            throw new IllegalArgumentException("HOST:PORT like 127.0.0.1:9080 is wanted, not \"" + text + "\"");
        }
        return InetSocketAddress.createUnresolved(
                isBracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(port));
    }
}
