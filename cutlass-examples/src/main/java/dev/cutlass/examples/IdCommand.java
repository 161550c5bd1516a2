package dev.cutlass.examples;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.PeerId;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cutlass id}: shows the identity. The first line is for scripts and has the address alone. */
@Command(
        name = "id",
        description = "Shows your address, and creates the identity first if there is none.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The first line of standard output is the address and nothing else: a script",
            "may append @host:port."
        })
final class IdCommand implements Callable<Integer> {
    @Mixin
    private final IdentityOptions identity = new IdentityOptions();

    @Override
    public Integer call() throws CommandFailure {
        try (Identity self = identity.open()) {
            show(self.id(), Console.out(), Terminals.outputIsTerminal());
        }
        return Main.OK;
    }

    static void show(PeerId id, PrintStream out, boolean terminal) {
        out.println(id.text());
        out.println("fingerprint " + id.fingerprint());
        out.println();
        out.println("Give the address to people who want to reach you, with the place where you are: "
                + "@host:port after it.");
        out.println("To be sure that nobody sits between you and somebody else, both type /verify NICK in a chat and");
        out.println("compare the 60 digits (the safety number) by telephone or face to face.");
        if (terminal) {
            out.println();
            out.print(QrCode.draw(id.text()));
        }
    }
}
