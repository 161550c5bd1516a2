package dev.cutlass.engine.qlog;

import dev.cutlass.proto.ConnectionTrace;
import dev.cutlass.proto.recovery.LossRecovery;
import dev.cutlass.proto.recovery.RttEstimator;
import dev.cutlass.wire.AckFrame;
import dev.cutlass.wire.AckRanges;
import dev.cutlass.wire.Frame;
import dev.cutlass.wire.MessageFrame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * One connection as a qlog in JSON text sequences (RFC 7464): draft-ietf-quic-qlog-main-schema with the event names of its version 0.3, which viewers know. Nothing that
 * anybody says or is called, no key and no address is in it: of a frame its type, and of ACK and MESSAGE which numbers and how many bytes.
 */
public final class QlogTrace implements ConnectionTrace {
    private static final char RECORD_SEPARATOR = 0x1e;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int BITS = 8;

    private final Consumer<byte[]> records;
    private final boolean dialled;
    private final long start;
    private String lastState = "";
    private long lastEpoch;
    private String lastMetrics = "";

    /**
     * Writes the header at once.
     *
     * @param records hears each record, in order; must not block
     * @param dialled whether we did
     * @param epoch under which packets are sent now
     * @param wallMillis what the clock shows now
     */
    public QlogTrace(Consumer<byte[]> records, boolean dialled, long epoch, long wallMillis, long now) {
        this.records = records;
        this.dialled = dialled;
        this.start = now;
        this.lastEpoch = epoch;
        final JsonText json = new JsonText().object();
        // The first two are for viewers that know version 0.3, the next two for those of the later drafts.
        json.name("qlog_version").value("0.3").name("qlog_format").value("JSON-SEQ");
        json.name("file_schema").value("urn:ietf:params:qlog:file:sequential");
        json.name("serialization_format").value("application/qlog+json-seq");
        json.name("title").value("Cutlass connection");
        json.name("trace").object();
        json.name("vantage_point").object();
        json.name("name").value("cutlass");
        json.name("type").value(dialled ? "client" : "server").end();
        json.name("common_fields").object();
        json.name("time_format").value("relative");
        json.name("reference_time").value(wallMillis);
        json.name("protocol_type").array().value("CUTLASS").end().end();
        add(json.end().end());
    }

    @Override
    public void packetSent(long path, long number, int bytes, List<Frame> frames, long now) {
        packet("transport:packet_sent", path, number, bytes, frames, now);
    }

    @Override
    public void packetReceived(long path, long number, int bytes, List<Frame> frames, long now) {
        packet("transport:packet_received", path, number, bytes, frames, now);
    }

    private void packet(String event, long path, long number, int bytes, List<Frame> frames, long now) {
        final JsonText json = header(begin(event, now), path, number);
        json.name("raw").object().name("length").value(bytes).end();
        json.name("frames").array();
        for (Frame frame : frames) {
            frame(json, frame);
        }
        add(json.end().end().end());
    }

    private static void frame(JsonText json, Frame frame) {
        json.object().name("frame_type");
        if (frame instanceof AckFrame ack) {
            json.value("ack").name("path_id").value(ack.pathId());
            json.name("ack_delay").value(ack.delayMicros() / 1e3);
            json.name("acked_ranges").array();
            final AckRanges ranges = ack.ranges();
            for (int i = ranges.count() - 1; i >= 0; i--) {
                json.array().value(ranges.smallest(i)).value(ranges.largest(i)).end();
            }
            json.end();
        } else if (frame instanceof MessageFrame message) {
            json.value("message").name("channel").value(message.channel());
            json.name("number").value(message.number());
            json.name("offset").value(message.offset());
            json.name("length").value(message.data().length());
        } else {
            final String type = frame.getClass().getSimpleName();
            json.value(type.substring(0, type.length() - "Frame".length())
                    .replaceAll("([a-z])([A-Z])", "$1_$2")
                    .toLowerCase(Locale.ROOT));
        }
        json.end();
    }

    @Override
    public void packetLost(long path, long number, long now) {
        add(header(begin("recovery:packet_lost", now), path, number).end().end());
    }

    @Override
    public void settled(String state, long epoch, LossRecovery<?> recovery, long now) {
        if (epoch != lastEpoch) {
            lastEpoch = epoch;
            final JsonText json = begin("security:key_updated", now);
            json.name("key_type").value(dialled ? "client_1rtt_secret" : "server_1rtt_secret");
            add(json.name("key_phase").value(epoch).end().end());
        }
        if (!state.equals(lastState)) {
            final JsonText json = begin("connectivity:connection_state_updated", now);
            if (!lastState.isEmpty()) {
                json.name("old").value(stateName(lastState));
            }
            add(json.name("new").value(stateName(state)).end().end());
            lastState = state;
        }
        final JsonText metrics = new JsonText().object();
        metrics(metrics, recovery);
        final String text = metrics.end().done();
        if (!text.equals(lastMetrics)) {
            lastMetrics = text;
            final JsonText json = begin("recovery:metrics_updated", now);
            metrics(json, recovery);
            add(json.end().end());
        }
    }

    private static String stateName(String state) {
        return switch (state) {
            case "UNCONFIRMED" -> "handshake_complete";
            case "OPEN" -> "handshake_confirmed";
            default -> state.toLowerCase(Locale.ROOT);
        };
    }

    private static void metrics(JsonText json, LossRecovery<?> recovery) {
        final RttEstimator rtt = recovery.rtt();
        if (rtt.isSampled()) {
            json.name("min_rtt").value(rtt.minimum() / NANOS_PER_MILLI);
            json.name("smoothed_rtt").value(rtt.smoothed() / NANOS_PER_MILLI);
            json.name("latest_rtt").value(rtt.latest() / NANOS_PER_MILLI);
            json.name("rtt_variance").value(rtt.variance() / NANOS_PER_MILLI);
        }
        json.name("congestion_window").value(recovery.window());
        json.name("bytes_in_flight").value(recovery.bytesInFlight());
        json.name("packets_in_flight").value(recovery.packetsInFlight());
        final long rate = recovery.pacingRate();
        if (rate < Long.MAX_VALUE / BITS) {
            json.name("pacing_rate").value(rate * BITS);
        }
    }

    private JsonText begin(String event, long now) {
        final JsonText json = new JsonText().object();
        json.name("time").value((now - start) / NANOS_PER_MILLI);
        json.name("name").value(event);
        return json.name("data").object();
    }

    private static JsonText header(JsonText json, long path, long number) {
        json.name("header").object().name("packet_type").value("1RTT");
        json.name("packet_number").value(number).end();
        return json.name("path_id").value(path);
    }

    private void add(JsonText json) {
        records.accept(record(json));
    }

    private static byte[] record(JsonText json) {
        return (RECORD_SEPARATOR + json.done() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** A record that says that others are missing. */
    public static byte[] warning(String text) {
        final JsonText json =
                new JsonText().object().name("time").value(0).name("name").value("loglevel:warning");
        return record(
                json.name("data").object().name("message").value(text).end().end());
    }
}
