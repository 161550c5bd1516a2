package dev.cutlass.proto.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.fixtures.Seeds;
import dev.cutlass.wire.ReceiptFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ReceiptsTest {
    private final Receipts receipts = new Receipts();

    private ReceiptFrame poll() {
        return receipts.poll(ReceiptFrame.reusable());
    }

    @Test
    void neighboursBecomeOneRange() {
        receipts.add(0, 1, 0);
        receipts.add(0, 2, 0);
        receipts.repeat(new ReceiptFrame(0, 3, 4, 0));
        receipts.repeat(0, 5, 0); // is in it
        receipts.add(0, 7, 1);
        receipts.add(2, 8, 1);
        assertEquals(new ReceiptFrame(0, 1, 6, 0), poll());
        assertEquals(new ReceiptFrame(0, 7, 1, 1), poll());
        receipts.add(2, 9, 1);
        assertEquals(new ReceiptFrame(2, 8, 2, 1), poll());
        assertNull(poll());
        assertTrue(receipts.isEmpty());
    }

    @Test
    void everyNumberComesOutAsOftenAsItWentInAndInOrder() {
        Seeds.forEach(seed -> {
            final SplittableRandom random = new SplittableRandom(seed);
            final Receipts ring = new Receipts();
            final List<Long> in = new ArrayList<>();
            final List<Long> out = new ArrayList<>();
            for (long number = 0; number < 2_000; number++) {
                if (random.nextInt(4) > 0) {
                    ring.add(0, number, 0);
                    in.add(number);
                }
                for (int i = random.nextInt(8) == 0 ? random.nextInt(5) : 0; i > 0; i--) {
                    take(ring, out);
                }
            }
            while (!ring.isEmpty()) {
                take(ring, out);
            }
            assertEquals(in, out);
        });
    }

    private static void take(Receipts ring, List<Long> out) {
        final ReceiptFrame frame = ring.poll(ReceiptFrame.reusable());
        for (long number = frame == null ? 1 : frame.first(); frame != null && number <= frame.last(); number++) {
            out.add(number);
        }
    }
}
