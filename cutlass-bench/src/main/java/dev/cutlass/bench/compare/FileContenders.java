package dev.cutlass.bench.compare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All ways to send a file, by the names that the command line knows, in the order of the table. */
final class FileContenders {
    private static final Map<String, FileContender> ALL = new LinkedHashMap<>();

    static {
        ALL.put("scp", new Scp(Scp.DEFAULT_CIPHER));
        ALL.put("scp-aes", new Scp("aes128-gcm@openssh.com"));
        ALL.put("cutlass", new CutlassFiles(CutlassContender.UNSET));
        ALL.put("cutlass-1400", new CutlassFiles(PackedPackets.PACKET));
        ALL.put("tls", new MessageFiles(new NettyTls(false)));
        ALL.put("tls-boringssl", new MessageFiles(new NettyTls(true)));
        ALL.put("netty-quic", new MessageFiles(new NettyQuic()));
    }

    private FileContenders() {}

    static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    /** @throws IllegalArgumentException if there is none, with the names of all */
    static FileContender named(String name) {
        final FileContender contender = ALL.get(name);
        if (contender == null) {
            throw new IllegalArgumentException(name + "; allowed: " + String.join(", ", ALL.keySet()));
        }
        return contender;
    }
}
