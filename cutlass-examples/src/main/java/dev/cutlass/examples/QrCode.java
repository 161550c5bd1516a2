package dev.cutlass.examples;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import java.util.Map;

/** A QR code of half blocks: two modules in one character. */
final class QrCode {
    /** Light modules around the code; ISO/IEC 18004 asks for four, phones are content with two, and terminals are small. */
    private static final int QUIET_ZONE = 2;

    private QrCode() {}

    /** Light modules are drawn, as most terminals are dark. Ends with a line end. */
    static String draw(String text) {
        final BitMatrix matrix;
        try {
            matrix = new QRCodeWriter()
                    .encode(
                            text,
                            BarcodeFormat.QR_CODE,
                            0,
                            0,
                            Map.of(
                                    EncodeHintType.MARGIN,
                                    QUIET_ZONE,
                                    EncodeHintType.ERROR_CORRECTION,
                                    ErrorCorrectionLevel.L));
        } catch (WriterException tooLong) {
            throw new IllegalArgumentException("too long for a QR code: " + text.length() + " characters", tooLong);
        }
        final StringBuilder drawing = new StringBuilder();
        for (int y = 0; y < matrix.getHeight(); y += 2) {
            for (int x = 0; x < matrix.getWidth(); x++) {
                final boolean upper = !matrix.get(x, y);
                final boolean lower = y + 1 < matrix.getHeight() && !matrix.get(x, y + 1);
                drawing.append(upper ? lower ? '\u2588' : '\u2580' : lower ? '\u2584' : ' ');
            }
            drawing.append('\n');
        }
        return drawing.toString();
    }
}
