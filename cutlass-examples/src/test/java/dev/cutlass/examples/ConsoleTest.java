package dev.cutlass.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.LuminanceSource;
import com.google.zxing.common.GlobalHistogramBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people see. */
final class ConsoleTest {
    @Test
    void aStrangersTextCannotMoveTheCursorOrTurnTheDirectionOfWriting() {
        assertEquals("\ufffd[2J\ufffd]0;title\ufffd", Console.harmless("\u001b[2J\u001b]0;title\u0007"));
        assertEquals("abc\ufffddef", Console.harmless("abc\u202edef"));
        assertEquals("one two", Console.harmless("one\r\ntwo"));
        assertEquals("Grüße 👋", Console.harmless("Grüße 👋"));
    }

    @Test
    void oneMessageIsNoMessages() {
        assertEquals("1 message", Console.count(1, "message"));
        assertEquals("0 messages", Console.count(0, "message"));
        assertEquals("12 receipts", Console.count(12, "receipt"));
    }

    @Test
    void percentilesAreThoseOfTheNearestRank() {
        final Latencies latencies = new Latencies();
        assertEquals(0, latencies.percentile(50));
        for (int i = 200; i >= 1; i--) {
            latencies.add(i);
        }
        assertEquals(100, latencies.percentile(50));
        assertEquals(198, latencies.percentile(99));
        assertEquals(200, latencies.percentile(100));
        assertEquals(1, latencies.percentile(0.1));
    }

    @Test
    void theQrCodeCanBeReadFromTheTerminal() throws Exception {
        final String text = "cutlass:" + "a".repeat(56);
        final List<String> rows = QrCode.draw(text).lines().toList();
        assertEquals(
                text,
                new QRCodeReader()
                        .decode(new BinaryBitmap(new GlobalHistogramBinarizer(new Blocks(rows))))
                        .getText());
    }

    @Test
    void whatDoesNotFitIntoAQrCodeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> QrCode.draw("x".repeat(5_000)));
    }

    @Test
    void withoutACommandTheUsageIsShown() {
        assertEquals(Main.USAGE, Main.run());
        assertEquals(Main.USAGE, Main.run("no-such-command"));
        assertEquals(Main.OK, Main.run("--help"));
    }

    /** The drawing as a camera sees it: each module has four by four pixels. */
    private static final class Blocks extends LuminanceSource {
        private static final int SCALE = 4;

        private final List<String> rows;

        Blocks(List<String> rows) {
            super(rows.get(0).length() * SCALE, rows.size() * 2 * SCALE);
            this.rows = rows;
        }

        private byte pixel(int x, int y) {
            final char block = rows.get(y / SCALE / 2).charAt(x / SCALE);
            final boolean upper = y / SCALE % 2 == 0;
            final boolean light = block == '\u2588' || (upper ? block == '\u2580' : block == '\u2584');
            return (byte) (light ? 255 : 0);
        }

        @Override
        public byte[] getRow(int y, byte[] row) {
            final byte[] filled = row != null && row.length >= getWidth() ? row : new byte[getWidth()];
            for (int x = 0; x < getWidth(); x++) {
                filled[x] = pixel(x, y);
            }
            return filled;
        }

        @Override
        public byte[] getMatrix() {
            final byte[] matrix = new byte[getWidth() * getHeight()];
            for (int y = 0; y < getHeight(); y++) {
                System.arraycopy(getRow(y, null), 0, matrix, y * getWidth(), getWidth());
            }
            return matrix;
        }
    }
}
