package dev.cutlass.examples.cables;

import dev.cutlass.cables.Carrier;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How other nodes are reached. */
final class ProxyOptions {
    @ArgGroup(exclusive = true)
    private @Nullable Proxy proxy;

    static final class Proxy {
        @Option(
                names = "--http-proxy",
                paramLabel = "http://HOST:PORT",
                converter = AddressConverter.class,
                description = "An HTTP proxy: privoxy, I2P.")
        private @Nullable InetSocketAddress http;

        @Option(
                names = "--socks5",
                paramLabel = "HOST:PORT",
                converter = AddressConverter.class,
                description = "A SOCKS5 proxy, which looks names up: Tor, usually at 127.0.0.1:9050.")
        private @Nullable InetSocketAddress socks5;
    }

    /** The way that was named; {@code null} if none was. */
    @Nullable
    Carrier carrier() {
        if (proxy == null) {
            return null;
        }
        if (proxy.http != null) {
            return Carrier.httpProxy(proxy.http);
        }
        return proxy.socks5 == null ? null : Carrier.socks5(proxy.socks5);
    }

    /** {@code HOST:PORT}. */
    static final class AddressConverter implements ITypeConverter<InetSocketAddress> {
        @Override
        public InetSocketAddress convert(String text) {
            try {
                return Carrier.parseAddress(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
