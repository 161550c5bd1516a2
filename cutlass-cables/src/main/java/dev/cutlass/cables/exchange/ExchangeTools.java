package dev.cutlass.cables.exchange;

import dev.cutlass.cables.mailbox.Mailbox;
import dev.cutlass.cables.pki.OwnKeys;
import java.security.SecureRandom;

/**
 * All that the steps of both roles work with.
 *
 * @param keys of the user
 * @param disk the queues and what is remembered beside them
 * @param remote the other nodes
 * @param mailbox into which mail, receipts and notices go
 * @param keySource of keys for one message each
 */
public record ExchangeTools(
        OwnKeys keys,
        NodeDisk disk,
        Remote remote,
        Mailbox mailbox,
        Limits limits,
        SecureRandom random,
        KeySource keySource) {
    /** Says nothing of the keys. */
    @Override
    public String toString() {
        return "ExchangeTools";
    }
}
