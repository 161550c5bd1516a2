package dev.cutlass.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Options of a command, {@code --name=value}. One thread. */
public final class Options {
    private final Map<String, String> values = new HashMap<>();

    /**
     * Reads them.
     *
     * @param names those that there are, without the dashes
     * @throws IllegalArgumentException if one is none of these
     */
    public Options(List<String> given, String... names) {
        for (String option : given) {
            final int equals = option.indexOf('=');
            final String name = equals < 0 ? option : option.substring(2, equals);
            if (!Arrays.asList(names).contains(name)) {
                throw new IllegalArgumentException(option + "; allowed, as --name=value: " + String.join(", ", names));
            }
            values.put(name, option.substring(equals + 1));
        }
    }

    /** Its value. */
    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /**
     * Its value.
     *
     * @throws IllegalArgumentException if it is not there
     */
    public String text(String name) {
        final String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("--" + name + "= is needed");
        }
        return value;
    }

    /** Its value as a number. */
    public int number(String name, int otherwise) {
        return values.containsKey(name) ? Integer.parseInt(text(name)) : otherwise;
    }

    /** Likewise, with a fraction. */
    public double decimal(String name, double otherwise) {
        return values.containsKey(name) ? Double.parseDouble(text(name)) : otherwise;
    }
}
