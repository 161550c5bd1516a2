package dev.cutlass.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table as docs/performance.md has them: the first column is text, the others are numbers. */
public final class MarkdownTable {
    private final List<String> lines = new ArrayList<>();

    public MarkdownTable(String... heads) {
        row(heads);
        final String[] rules = new String[heads.length];
        Arrays.fill(rules, "---:");
        rules[0] = "---";
        row(rules);
    }

    public void row(String... cells) {
        lines.add("| " + String.join(" | ", cells) + " |");
    }

    /** The title, then the table. */
    public void print(PrintStream out, String title) {
        out.println();
        out.println("### " + title);
        out.println();
        lines.forEach(out::println);
        out.flush();
    }
}
