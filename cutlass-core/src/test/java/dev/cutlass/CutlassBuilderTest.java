package dev.cutlass;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cutlass.crypto.Identity;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class CutlassBuilderTest {
    @Test
    void theIdentityIsRequired() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> Cutlass.builder().start());

        assertTrue(e.getMessage().startsWith("identity"), e.getMessage());
    }

    static Stream<Arguments> wrongSettings() {
        return Stream.of(
                wrong("port", "65536", builder -> builder.port(65_536)),
                wrong("port", "-1", builder -> builder.port(-1)),
                wrong("quiet", "PT0.099S", builder -> builder.quiet(Duration.ofMillis(99))),
                wrong("pingInterval", "PT25H", builder -> builder.pingInterval(Duration.ofHours(25))),
                wrong("idle", "PT15S", builder -> builder.idle(Duration.ofSeconds(15))),
                wrong("connectTimeout", "PT0S", builder -> builder.connectTimeout(Duration.ZERO)),
                wrong("outboxMessages", "0", builder -> builder.outboxMessages(0)),
                wrong("outboxBytes", "131071", builder -> builder.outboxBytes((128 << 10) - 1)),
                wrong("maxDatagram", "1199", builder -> builder.maxDatagram(1_199)),
                wrong("maxDatagram", "65508", builder -> builder.maxDatagram(65_508)),
                wrong("fixedDatagram", "1199", builder -> builder.fixedDatagram(1_199)),
                wrong("fixedDatagram", "65508", builder -> builder.fixedDatagram(65_508)),
                wrong("nick", "63", builder -> builder.nick("x".repeat(64))));
    }

    private static Arguments wrong(String setting, String value, UnaryOperator<CutlassBuilder> settings) {
        return Arguments.of(setting, value, settings);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("wrongSettings")
    void aWrongSettingIsNamedWithItsValue(String setting, String value, UnaryOperator<CutlassBuilder> settings) {
        try (Identity identity = Identity.generate()) {
            CutlassBuilder builder = settings.apply(Cutlass.builder().identity(identity));
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::start);

            assertTrue(e.getMessage().contains(setting) && e.getMessage().contains(value), e.getMessage());
        }
    }

    @Test
    void aPreSharedKeyHas32Bytes() {
        try (Identity identity = Identity.generate()) {
            CutlassBuilder builder = Cutlass.builder().identity(identity).psk(identity.id(), new byte[31]);
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::start);

            assertTrue(e.getMessage().contains("31 bytes"), e.getMessage());
        }
    }

    @Test
    void aDeviceWithAPreSharedKeyBelongsToOnePeerThatHasOne() {
        try (Identity identity = Identity.generate();
                Identity left = Identity.generate();
                Identity right = Identity.generate()) {
            byte[] device = Identity.generate().device().publicKey();
            byte[] psk = new byte[32];
            assertRefused("31 bytes", builder(identity).psk(left.id(), psk).pskDevice(left.id(), new byte[31]));
            assertRefused("no psk is set", builder(identity).pskDevice(left.id(), device));
            assertRefused(
                    "two peers",
                    builder(identity)
                            .psk(left.id(), psk)
                            .psk(right.id(), psk)
                            .pskDevice(left.id(), device)
                            .pskDevice(right.id(), device));
        }
    }

    private static CutlassBuilder builder(Identity identity) {
        return Cutlass.builder().identity(identity).anyPort();
    }

    private static void assertRefused(String why, CutlassBuilder builder) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::start);
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }
}
