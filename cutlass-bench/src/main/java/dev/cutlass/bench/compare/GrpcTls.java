package dev.cutlass.bench.compare;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** gRPC over TLS (its own Netty with BoringSSL, where that loads): one call that streams both ways, of plain bytes. Only the server has a certificate. */
final class GrpcTls implements Contender {
    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private static final MethodDescriptor<byte[], byte[]> METHOD = MethodDescriptor.newBuilder(BYTES, BYTES)
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName("bench/messages")
            .build();

    @Override
    public String label() {
        return "gRPC over TLS";
    }

    @Override
    public Contender.Server serve() throws Exception {
        final Certificate certificate = Certificate.generate();
        final io.grpc.Server server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(GrpcSslContexts.configure(
                                SslContextBuilder.forServer(certificate.key(), certificate.certificate()))
                        .build())
                .addService(ServerServiceDefinition.builder("bench")
                        .addMethod(METHOD, ServerCalls.asyncBidiStreamingCall(GrpcTls::handler))
                        .build())
                .build()
                .start();
        return new Contender.Server() {
            @Override
            public String address() {
                return Integer.toString(server.getPort());
            }

            @Override
            public void close() {
                server.shutdownNow();
            }
        };
    }

    private static StreamObserver<byte[]> handler(StreamObserver<byte[]> answers) {
        final Sink sink = new Sink();
        return new StreamObserver<>() {
            @Override
            public void onNext(byte[] message) {
                final byte[] answer = sink.handle(message);
                if (answer != null) {
                    answers.onNext(answer);
                }
            }

            @Override
            public void onError(Throwable error) {
                // The client is gone.
            }

            @Override
            public void onCompleted() {
                answers.onCompleted();
            }
        };
    }

    @Override
    public Client connect(String address) throws Exception {
        final ManagedChannel channel = NettyChannelBuilder.forAddress("localhost", Integer.parseInt(address))
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .build())
                .overrideAuthority("localhost")
                .build();
        return new GrpcClient(channel);
    }

    private static final class GrpcClient extends CallbackClient {
        private final ManagedChannel channel;
        private final Semaphore ready = new Semaphore(0);
        private @Nullable ClientCallStreamObserver<byte[]> call;

        GrpcClient(ManagedChannel channel) {
            this.channel = channel;
            ClientCalls.asyncBidiStreamingCall(channel.newCall(METHOD, CallOptions.DEFAULT), new Answers());
        }

        private ClientCallStreamObserver<byte[]> call() {
            final ClientCallStreamObserver<byte[]> started = call;
            if (started == null) {
                throw new IllegalStateException("not started");
            }
            return started;
        }

        @Override
        void send(byte[] message) throws InterruptedException {
            final ClientCallStreamObserver<byte[]> to = call();
            while (!to.isReady()) {
                ready.tryAcquire(1, TimeUnit.SECONDS);
            }
            to.onNext(message);
        }

        @Override
        void flush() {
            // The library does by itself.
        }

        @Override
        public void close() {
            call().onCompleted();
            channel.shutdown();
        }

        private final class Answers implements ClientResponseObserver<byte[], byte[]> {
            @Override
            public void beforeStart(ClientCallStreamObserver<byte[]> starting) {
                call = starting;
                starting.setOnReadyHandler(() -> {
                    ready.drainPermits();
                    ready.release();
                });
            }

            @Override
            public void onNext(byte[] answer) {
                arrived(answer);
            }

            @Override
            public void onError(Throwable error) {
                ready.release();
            }

            @Override
            public void onCompleted() {
                // Nothing is left to come.
            }
        }
    }
}
