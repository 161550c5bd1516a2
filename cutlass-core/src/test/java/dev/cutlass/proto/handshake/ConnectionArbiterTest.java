package dev.cutlass.proto.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.proto.handshake.ConnectionArbiter.Contender;
import dev.cutlass.proto.handshake.ConnectionArbiter.Outcome;
import dev.cutlass.wire.Bytes;
import dev.cutlass.wire.Id128;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionArbiterTest {
    private static final Bytes LOW = key(0x01);
    private static final Bytes HIGH = key(0xfe); // as a signed byte it would be the lower one
    private static final Id128 OLD = new Id128(1, 1);
    private static final Id128 NEW = new Id128(2, 2);
    private static final Id128 BOOT = new Id128(7, 7);
    private static final Id128 OTHER_BOOT = new Id128(8, 8);
    private static final Id128 UNRELATED = new Id128(9, 9);

    /** All 32 cases of: same boot id, who initiated which, what SEEN of the new one names, whose key is lower. */
    @ParameterizedTest
    @CsvSource({
        // boot, old by us, new by us, SEEN of new names old, our key lower -> outcome
        "other, true,  true,  true,  true,  RESTARTED",
        "other, true,  true,  true,  false, RESTARTED",
        "other, true,  true,  false, true,  RESTARTED",
        "other, true,  true,  false, false, RESTARTED",
        "other, true,  false, true,  true,  RESTARTED",
        "other, true,  false, true,  false, RESTARTED",
        "other, true,  false, false, true,  RESTARTED",
        "other, true,  false, false, false, RESTARTED",
        "other, false, true,  true,  true,  RESTARTED",
        "other, false, true,  true,  false, RESTARTED",
        "other, false, true,  false, true,  RESTARTED",
        "other, false, true,  false, false, RESTARTED",
        "other, false, false, true,  true,  RESTARTED",
        "other, false, false, true,  false, RESTARTED",
        "other, false, false, false, true,  RESTARTED",
        "other, false, false, false, false, RESTARTED",
        "same,  true,  true,  true,  true,  DIALLED_AGAIN",
        "same,  true,  true,  true,  false, DIALLED_AGAIN",
        "same,  true,  true,  false, true,  DIALLED_AGAIN",
        "same,  true,  true,  false, false, DIALLED_AGAIN",
        "same,  false, false, true,  true,  DIALLED_AGAIN",
        "same,  false, false, true,  false, DIALLED_AGAIN",
        "same,  false, false, false, true,  DIALLED_AGAIN",
        "same,  false, false, false, false, DIALLED_AGAIN",
        "same,  true,  false, true,  true,  REPLACED",
        "same,  true,  false, true,  false, REPLACED",
        "same,  false, true,  true,  true,  REPLACED",
        "same,  false, true,  true,  false, REPLACED",
        "same,  true,  false, false, true,  CROSSED_OLD_STAYS",
        "same,  true,  false, false, false, CROSSED_NEW_STAYS",
        "same,  false, true,  false, true,  CROSSED_NEW_STAYS",
        "same,  false, true,  false, false, CROSSED_OLD_STAYS",
    })
    void theTableOfSection37Holds(
            String boot, boolean oldByUs, boolean newByUs, boolean seen, boolean weAreLower, Outcome expected) {
        Contender old = new Contender(oldByUs, OLD, BOOT, null);
        for (Id128 absent : new Id128[] {null, UNRELATED}) {
            Contender fresh = new Contender(newByUs, NEW, boot.equals("same") ? BOOT : OTHER_BOOT, seen ? OLD : absent);
            assertEquals(expected, decide(old, fresh, weAreLower));
        }
    }

    @Test
    void theConnectionThatOvertookTheOtherOnTheWayIsNotMistakenForTheLaterOne() {
        for (boolean weAreLower : new boolean[] {true, false}) {
            Contender replacement = new Contender(false, NEW, BOOT, OLD);
            Contender first = new Contender(true, OLD, BOOT, null);
            assertEquals(Outcome.REPLACED, decide(first, replacement, weAreLower));
            assertEquals(Outcome.OVERTAKEN, decide(replacement, first, weAreLower));
        }
    }

    /** Every way in which two connections of opposite initiators can come about, seen from both sides in both orders. */
    @Test
    void bothSidesKeepTheSameConnectionWhicheverTheySawFirst() {
        List<Id128[]> seenPairs = new ArrayList<>();
        seenPairs.add(new Id128[] {null, null});
        seenPairs.add(new Id128[] {NEW, null});
        seenPairs.add(new Id128[] {null, OLD});
        int cases = 0;
        for (Id128[] seen : seenPairs) {
            for (boolean aIsLower : new boolean[] {true, false}) {
                // A dialled OLD, B dialled NEW
                Contender oldAtA = new Contender(true, OLD, BOOT, seen[0]);
                Contender newAtA = new Contender(false, NEW, BOOT, seen[1]);
                Contender oldAtB = new Contender(false, OLD, BOOT, seen[0]);
                Contender newAtB = new Contender(true, NEW, BOOT, seen[1]);
                Id128 survivor = survivor(oldAtA, newAtA, aIsLower);
                assertEquals(survivor, survivor(newAtA, oldAtA, aIsLower));
                assertEquals(survivor, survivor(oldAtB, newAtB, !aIsLower));
                assertEquals(survivor, survivor(newAtB, oldAtB, !aIsLower));
                cases++;
            }
        }
        assertTrue(cases == 6);
    }

    private static Id128 survivor(Contender old, Contender fresh, boolean weAreLower) {
        return decide(old, fresh, weAreLower).newSurvives() ? fresh.id() : old.id();
    }

    private static Outcome decide(Contender old, Contender fresh, boolean weAreLower) {
        return ConnectionArbiter.decide(old, fresh, weAreLower ? LOW : HIGH, weAreLower ? HIGH : LOW);
    }

    private static Bytes key(int first) {
        byte[] key = new byte[32];
        key[0] = (byte) first;
        return Bytes.of(key);
    }
}
