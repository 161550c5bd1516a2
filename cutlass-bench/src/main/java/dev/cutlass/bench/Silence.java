package dev.cutlass.bench;

import dev.cutlass.CutlassBuilder;
import dev.cutlass.proto.ConnectionConfig;
import java.time.Duration;

/** How both sides keep idle connections alive. */
enum Silence {
    /** As delivered. */
    DEFAULT {
        @Override
        CutlassBuilder applyTo(CutlassBuilder builder) {
            return builder;
        }

        @Override
        ConnectionConfig config() {
            return ConnectionConfig.defaults();
        }
    },

    /** No ping for as long as anybody measures. */
    OFF {
        @Override
        CutlassBuilder applyTo(CutlassBuilder builder) {
            return builder.quiet(NEVER).pingInterval(NEVER).idle(LONGER);
        }

        @Override
        ConnectionConfig config() {
            return ConnectionConfig.defaults().withSilence(NEVER.toNanos(), NEVER.toNanos(), LONGER.toNanos());
        }
    };

    private static final Duration NEVER = Duration.ofHours(23);
    private static final Duration LONGER = Duration.ofHours(24);

    abstract CutlassBuilder applyTo(CutlassBuilder builder);

    abstract ConnectionConfig config();
}
