package dev.cutlass.bench.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All of them, by the names that the command line knows, in the order of the table. */
final class Contenders {
    /** What UDP over IPv4 takes. */
    private static final int LARGEST = 65_507;

    private static final Map<String, Contender> ALL = new LinkedHashMap<>();

    static {
        ALL.put("bare", new Bare(false));
        ALL.put("sealed", new Bare(true));
        ALL.put("direct", new CutlassContender(true, CutlassContender.UNSET));
        ALL.put("cutlass", new CutlassContender(false, CutlassContender.UNSET));
        ALL.put("direct-1400", new CutlassContender(true, PackedPackets.PACKET));
        ALL.put("direct-large", new CutlassContender(true, LARGEST));
        ALL.put("tls", new NettyTls(false));
        ALL.put("tls-boringssl", new NettyTls(true));
        ALL.put("netty-quic", new NettyQuic());
        ALL.put("aeron", new AeronUdp());
        ALL.put("jeromq", new JeroMqCurve());
        ALL.put("grpc", new GrpcTls());
        ALL.put("kwik", new KwikQuic());
    }

    private Contenders() {}

    static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    /** @throws IllegalArgumentException if there is none, with the names of all */
    static Contender named(String name) {
        final Contender contender = ALL.get(name);
        if (contender == null) {
            throw new IllegalArgumentException(name + "; allowed: " + String.join(", ", ALL.keySet()));
        }
        return contender;
    }
}
