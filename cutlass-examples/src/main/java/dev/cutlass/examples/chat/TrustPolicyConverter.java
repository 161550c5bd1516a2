package dev.cutlass.examples.chat;

import dev.cutlass.event.TrustPolicy;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code accept-new}, {@code ask} and {@code known-only}. */
final class TrustPolicyConverter implements ITypeConverter<TrustPolicy> {
    @Override
    public TrustPolicy convert(String value) {
        try {
            return TrustPolicy.valueOf(value.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException unknown) {
            throw new TypeConversionException("\"" + value + "\" is none of accept-new, ask, known-only");
        }
    }
}
