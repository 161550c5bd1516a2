package dev.cutlass.bench.compare;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** TLS 1.3 over TCP with Netty, by the JDK's TLS or BoringSSL. Only the server has a certificate. */
final class NettyTls implements Contender {
    private static final String VERSION = "TLSv1.3";

    /** One event loop for all clients of the process, as programs have it. */
    private static final class Loops {
        static final EventLoopGroup CLIENTS = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

        private Loops() {}
    }

    private final SslProvider provider;

    NettyTls(boolean boringSsl) {
        this.provider = boringSsl ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    @Override
    public String label() {
        return "TLS 1.3 over TCP, Netty (" + (provider == SslProvider.JDK ? "JDK" : "BoringSSL") + ")";
    }

    @Override
    public Server serve() throws Exception {
        final Certificate certificate = Certificate.generate();
        final SslContext tls = SslContextBuilder.forServer(certificate.key(), certificate.certificate())
                .sslProvider(provider)
                .protocols(VERSION)
                .build();
        final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        final Channel listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        NettyPipe.addServer(channel.pipeline());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        return new Server() {
            @Override
            public String address() {
                return Integer.toString(((InetSocketAddress) listening.localAddress()).getPort());
            }

            @Override
            public void close() {
                listening.close().syncUninterruptibly();
                loops.shutdownGracefully().syncUninterruptibly();
            }
        };
    }

    /** A context of its own each: no session is resumed. */
    @Override
    public Client connect(String address) throws Exception {
        final SslContext tls = SslContextBuilder.forClient()
                .sslProvider(provider)
                .protocols(VERSION)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .build();
        final NettyPipe.Client client = new NettyPipe.Client(() -> {});
        final Channel channel = new Bootstrap()
                .group(Loops.CLIENTS)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel made) {
                        made.pipeline().addLast(tls.newHandler(made.alloc()));
                        client.addTo(made.pipeline());
                    }
                })
                .connect(InetAddress.getLoopbackAddress(), Integer.parseInt(address))
                .sync()
                .channel();
        channel.pipeline().get(SslHandler.class).handshakeFuture().sync();
        client.use(channel);
        return client;
    }
}
