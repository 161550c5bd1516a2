package dev.cutlass.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A qlog costs its connection nothing, however its stream behaves. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class QlogTest {
    private static final byte[] RECORD = new byte[100];

    @Test
    void aStreamThatBlocksCostsRecordsAndTheLastOneCountsThem() throws Exception {
        final CountDownLatch opened = new CountDownLatch(1);
        final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        final QlogOutput output = new QlogOutput(
                new OutputStream() {
                    @Override
                    public void write(int octet) {
                        throw new AssertionError("one by one");
                    }

                    @Override
                    public void write(byte[] bytes) throws IOException {
                        try {
                            opened.await();
                        } catch (InterruptedException interrupted) {
                            throw new IOException(interrupted);
                        }
                        kept.write(bytes);
                    }
                },
                Long.MAX_VALUE,
                () -> {});
        output.start();
        for (int i = 0; i < 20_000; i++) {
            output.offer(RECORD);
        }
        opened.countDown();
        output.close();

        final String end = kept.toString(StandardCharsets.UTF_8).substring(kept.size() - 150);
        final int missing = Integer.parseInt(end.replaceAll("(?s).*\"(\\d+) records are missing.*", "$1"));
        assertTrue(missing > 10_000, end);
        assertTrue(kept.size() >= (20_000 - missing) * RECORD.length, "the others are there");
    }

    @Test
    void nothingIsWrittenBeyondTheLimitButThatSomethingIsMissing() throws Exception {
        final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        final QlogOutput output = new QlogOutput(kept, 250, () -> {});
        output.start();
        for (int i = 0; i < 5; i++) {
            output.offer(RECORD);
        }
        output.close();
        output.close();

        final String text = kept.toString(StandardCharsets.UTF_8);
        assertTrue(text.substring(200).contains("\"3 records are missing: the limit was 250 bytes\""), text);
    }

    @Test
    void whatTheStreamThrowsCloseThrows() {
        final QlogOutput output = new QlogOutput(
                new OutputStream() {
                    @Override
                    public void write(int octet) throws IOException {
                        throw new IOException("full");
                    }
                },
                Long.MAX_VALUE,
                () -> {});
        output.start();
        output.offer(RECORD);
        assertEquals("full", assertThrows(IOException.class, output::close).getMessage());
    }
}
