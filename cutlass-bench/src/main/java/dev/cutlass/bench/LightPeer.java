package dev.cutlass.bench;

import dev.cutlass.crypto.Identity;
import dev.cutlass.crypto.primitive.AeadAlgorithm;
import dev.cutlass.proto.Connection;
import dev.cutlass.proto.handshake.InitiatorHandshake;
import dev.cutlass.proto.handshake.LocalParty;
import dev.cutlass.proto.message.Conversation;
import dev.cutlass.proto.message.ConversationLimits;
import dev.cutlass.wire.Id128;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A peer that is no engine: an identity, a dial, then a connection. The swarm's thread only. */
final class LightPeer {
    final Identity identity;
    final LocalParty party;
    final int socket;
    final Conversation conversation = new Conversation(ConversationLimits.DEFAULT);

    @Nullable
    InitiatorHandshake dial;

    @Nullable
    Connection connection;

    boolean connected;
    boolean ended;

    LightPeer(SecureRandom random, int socket) {
        this.identity = Identity.generate(random);
        this.socket = socket;
        this.party = new LocalParty(
                identity.id(),
                identity.device(),
                new Id128(random.nextLong(), random.nextLong()),
                "",
                List.of(AeadAlgorithm.AES_256_GCM, AeadAlgorithm.CHACHA20_POLY1305));
    }
}
