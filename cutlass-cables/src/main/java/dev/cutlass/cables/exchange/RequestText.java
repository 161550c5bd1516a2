package dev.cutlass.cables.exchange;

import dev.cutlass.cables.address.CablesAddress;
import dev.cutlass.cables.address.HostName;
import dev.cutlass.cables.address.Mac;
import dev.cutlass.cables.address.MessageId;
import dev.cutlass.cables.address.UserName;
import org.jspecify.annotations.Nullable;

/** What may stand below {@code /USER}. Cables protocol sections 7 and 8. Parsed once; who holds one holds well-formed values. */
sealed interface RequestText {
    /** Characters after {@code /request/}. */
    int MAX_ARGUMENTS = 255;

    String REQUEST = "request/";
    String CERTS = "certs/";
    String QUEUE = "queue/";
    String RQUEUE = "rqueue/";
    String KEY = ".key";

    record Version() implements RequestText {}

    record Announce(MessageId id, CablesAddress sender) implements RequestText {}

    record Sent(MessageId id, Mac mac) implements RequestText {}

    record Received(MessageId id, Mac mac) implements RequestText {}

    record Acknowledged(MessageId id, Mac mac) implements RequestText {}

    record CaCertificate() implements RequestText {}

    record VerifyCertificate() implements RequestText {}

    record SealedMailOf(MessageId id) implements RequestText {}

    record SenderKeyOf(MessageId id) implements RequestText {}

    record RecipientKeyOf(MessageId id) implements RequestText {}

    record Malformed() implements RequestText {}

    record Unknown() implements RequestText {}

    /** Reads what follows {@code /USER/}, decoded, not normalised. */
    static RequestText of(String path) {
        if (path.startsWith(REQUEST)) {
            final RequestText request = request(path.substring(REQUEST.length()));
            return request == null ? new Malformed() : request;
        }
        final RequestText file = file(path);
        return file == null ? new Unknown() : file;
    }

    private static @Nullable RequestText file(String path) {
        if (path.equals(CERTS + "ca.pem")) {
            return new CaCertificate();
        }
        if (path.equals(CERTS + "verify.pem")) {
            return new VerifyCertificate();
        }
        if (path.startsWith(RQUEUE)) {
            final MessageId id = keyId(path.substring(RQUEUE.length()));
            return id == null ? null : new RecipientKeyOf(id);
        }
        if (path.startsWith(QUEUE)) {
            final String name = path.substring(QUEUE.length());
            final MessageId key = keyId(name);
            final MessageId id = MessageId.parse(name);
            return key != null ? new SenderKeyOf(key) : id != null ? new SealedMailOf(id) : null;
        }
        return null;
    }

    private static @Nullable MessageId keyId(String name) {
        return name.endsWith(KEY) ? MessageId.parse(name.substring(0, name.length() - KEY.length())) : null;
    }

    private static @Nullable RequestText request(String arguments) {
        if (arguments.length() > MAX_ARGUMENTS) {
            return null;
        }
        final String[] parts = arguments.split("/", -1);
        if (parts[0].equals("ver")) {
            return parts.length == 1 ? new Version() : null;
        }
        final MessageId id = parts.length < 2 ? null : MessageId.parse(parts[1]);
        if (id == null) {
            return null;
        }
        if (parts[0].equals("msg")) {
            final HostName host = parts.length == 4 ? HostName.parse(parts[2]) : null;
            final UserName user = parts.length == 4 ? UserName.parse(parts[3]) : null;
            return host == null || user == null ? null : new Announce(id, new CablesAddress(user, host));
        }
        final Mac mac = parts.length == 3 ? Mac.parse(parts[2]) : null;
        if (mac == null) {
            return null;
        }
        return switch (parts[0]) {
            case "snd" -> new Sent(id, mac);
            case "rcp" -> new Received(id, mac);
            case "ack" -> new Acknowledged(id, mac);
            default -> null;
        };
    }
}
