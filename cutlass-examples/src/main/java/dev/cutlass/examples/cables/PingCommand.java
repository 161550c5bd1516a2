package dev.cutlass.examples.cables;

import dev.cutlass.cables.Carrier;
import dev.cutlass.cables.PingResult;
import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.examples.CommandFailure;
import dev.cutlass.examples.Console;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cutlass cables ping}: asks a node whether it is there. */
@Command(
        name = "ping",
        description = "Asks a node whether it is there and serves this user.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = SysExits.USAGE,
        footer = {"", "Exit code: 0 it is, 69 it is not, or cannot be reached."})
final class PingCommand implements Callable<Integer> {
    @Mixin
    private final ProxyOptions proxy = new ProxyOptions();

    @Parameters(paramLabel = "ADDRESS", description = "user@host.onion or user@host.b32.i2p")
    private String address = "";

    @Override
    public Integer call() throws CommandFailure {
        final Carrier carrier = proxy.carrier();
        if (carrier == null) {
            throw new CommandFailure(
                    "how is it reached? Name --socks5 HOST:PORT or --http-proxy http://HOST:PORT", SysExits.USAGE);
        }
        final CablesAddress node = CablesAddress.parse(address);
        if (node == null) {
            throw new CommandFailure(
                    Console.harmless(address) + ": user@host.onion or user@host.b32.i2p is wanted", SysExits.USAGE);
        }
        final PingResult result;
        try {
            result = carrier.ping(node);
        } catch (IOException e) {
            throw new CommandFailure(e.getMessage() == null ? e.toString() : e.getMessage(), SysExits.UNAVAILABLE);
        }
        if (!result.isThere()) {
            throw new CommandFailure(Console.harmless(result.text()), SysExits.UNAVAILABLE);
        }
        Console.out().println(result.text());
        return SysExits.OK;
    }
}
