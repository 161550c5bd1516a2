package dev.cutlass.examples.cables;

import dev.cutlass.cables.CablesHome;
import dev.cutlass.examples.CommandFailure;
import dev.cutlass.examples.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cutlass cables id}: the user name alone on the first line of standard output, then each address. */
@Command(
        name = "id",
        description = "Shows the user name, then each address under which mail reaches it.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = SysExits.USAGE)
final class IdCommand implements Callable<Integer> {
    @Mixin
    private final HomeOption home = new HomeOption();

    @Override
    public Integer call() throws CommandFailure {
        show(home.open(null));
        return SysExits.OK;
    }

    static void show(CablesHome home) {
        Console.out().println(home.user());
        home.addresses().forEach(Console.out()::println);
    }
}
