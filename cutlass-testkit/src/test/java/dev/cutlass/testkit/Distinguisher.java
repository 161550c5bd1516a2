package dev.cutlass.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether two kinds of traces can be told apart: every feature of every trace (what an observer can count, add and time) is compared by four two-sample tests, and the
 * least likely result counts, times the number of tests (Bonferroni).
 */
final class Distinguisher {
    /** One datagram: when it was sent, by whom, and its bytes. */
    record Sighting(long nanos, boolean byInitiator, int length) {}

    /** The result that is least likely by chance, with its probability after the correction for the number of tests. */
    record Verdict(String feature, double probability) {
        /** One comparison in a thousand of the same with the same would say so. */
        boolean isTold() {
            return probability < 0.001;
        }
    }

    /** Changes of direction looked at, from the first datagram on: the handshake, its confirmation and the first messages. */
    private static final int TURNS = 8;

    /** Datagrams looked at one by one. */
    private static final int DATAGRAMS = 10;

    /** What each part of a flight costs: docs/protocol.md section 3.1. */
    private static final int PART_HEADER = 75;

    private static final int TESTS = 4;

    /** Of a feature that a trace does not have. */
    private static final double ABSENT = -1;

    private Distinguisher() {}

    static Verdict compare(List<List<Sighting>> one, List<List<Sighting>> other) {
        Map<String, double[]> ofOne = table(one);
        Map<String, double[]> ofOther = table(other);
        Verdict best = new Verdict("none", 1);
        for (Map.Entry<String, double[]> feature : ofOne.entrySet()) {
            double[] x = feature.getValue();
            double[] y = ofOther.get(feature.getKey());
            double least = Math.min(
                    Math.min(shift(x, y), shape(x, y)), Math.min(2 * beyond(x, y), 2 * beyond(negated(x), negated(y))));
            if (least * TESTS * ofOne.size() < best.probability) {
                best = new Verdict(feature.getKey(), least * TESTS * ofOne.size());
            }
        }
        return best;
    }

    /** For each feature its values over all traces, in ascending order. */
    private static Map<String, double[]> table(List<List<Sighting>> traces) {
        Map<String, double[]> table = new LinkedHashMap<>();
        for (int i = 0; i < traces.size(); i++) {
            for (Map.Entry<String, Double> feature : features(traces.get(i)).entrySet()) {
                table.computeIfAbsent(feature.getKey(), name -> new double[traces.size()])[i] = feature.getValue();
            }
        }
        table.values().forEach(Arrays::sort);
        return table;
    }

    /** The same names for each trace. */
    private static Map<String, Double> features(List<Sighting> trace) {
        Map<String, Double> features = new LinkedHashMap<>();
        List<List<Sighting>> turns = new ArrayList<>();
        for (Sighting each : trace) {
            if (turns.isEmpty() || turns.get(turns.size() - 1).get(0).byInitiator() != each.byInitiator()) {
                turns.add(new ArrayList<>());
            }
            turns.get(turns.size() - 1).add(each);
        }
        long last = trace.get(0).nanos();
        double handshake = 0;
        for (int i = 0; i < TURNS; i++) {
            boolean there = i < turns.size();
            List<Sighting> turn = there ? turns.get(i) : List.of();
            features.put("datagrams of turn " + i, (double) turn.size());
            features.put("bytes of turn " + i, bytes(turn));
            features.put("content of turn " + i, bytes(turn) - turn.size() * PART_HEADER);
            features.put("wait for turn " + i, there ? turn.get(0).nanos() - last : ABSENT);
            features.put("longest of turn " + i, (double)
                    turn.stream().mapToInt(Sighting::length).max().orElse(0));
            handshake += bytes(turn);
            features.put("bytes up to turn " + i, handshake);
            last = there ? turn.get(turn.size() - 1).nanos() : last;
        }
        for (int i = 0; i < DATAGRAMS; i++) {
            boolean there = i < trace.size();
            features.put("length of datagram " + i, there ? trace.get(i).length() : ABSENT);
            features.put("direction of datagram " + i, there ? trace.get(i).byInitiator() ? 1.0 : 0 : ABSENT);
            features.put(
                    "wait for datagram " + i,
                    there && i > 0 ? trace.get(i).nanos() - trace.get(i - 1).nanos() : ABSENT);
        }
        for (boolean initiator : new boolean[] {true, false}) {
            List<Sighting> side = trace.stream()
                    .filter(each -> each.byInitiator() == initiator)
                    .toList();
            features.put("datagrams of one side, " + initiator, (double) side.size());
            features.put("bytes of one side, " + initiator, bytes(side));
        }
        features.put("turns", (double) turns.size());
        features.put("datagrams", (double) trace.size());
        features.put("bytes", bytes(trace));
        features.put(
                "duration",
                (double) trace.get(trace.size() - 1).nanos() - trace.get(0).nanos());
        features.put("shortest", (double)
                trace.stream().mapToInt(Sighting::length).min().orElse(0));
        return features;
    }

    private static double bytes(List<Sighting> some) {
        return some.stream().mapToInt(Sighting::length).sum();
    }

    /** Mann and Whitney: whether one tends to be larger. Normal approximation with the correction for ties. */
    private static double shift(double[] x, double[] y) {
        double[] all = merged(x, y);
        double wins = 0;
        double ties = 0;
        for (double value : x) {
            int below = firstAtLeast(y, value);
            int equal = firstAtLeast(y, Math.nextUp(value)) - below;
            wins += below + equal / 2.0;
        }
        for (int from = 0; from < all.length; ) {
            int to = firstAtLeast(all, Math.nextUp(all[from]));
            double same = to - from;
            ties += same * same * same - same;
            from = to;
        }
        double n = all.length;
        double variance = x.length * (double) y.length / 12 * (n + 1 - ties / (n * (n - 1)));
        if (variance <= 0) {
            return 1; // all the same
        }
        double deviations = Math.abs(wins - x.length * (double) y.length / 2) / Math.sqrt(variance);
        return Math.min(1, 2 * Math.exp(-deviations * deviations / 2)); // a bound of the normal's both tails
    }

    /** Kolmogorov and Smirnov: whether the distributions differ anywhere. */
    private static double shape(double[] x, double[] y) {
        double most = 0;
        for (double value : merged(x, y)) {
            double next = Math.nextUp(value);
            most = Math.max(
                    most,
                    Math.abs(firstAtLeast(x, next) / (double) x.length - firstAtLeast(y, next) / (double) y.length));
        }
        return Math.min(1, 2 * Math.exp(-2 * most * most * x.length * y.length / (x.length + y.length)));
    }

    /**
     * Whether one reaches beyond the other: how likely the largest values of both together are all of the same kind. Nothing sees better that a range differs.
     */
    private static double beyond(double[] x, double[] y) {
        int ofX = x.length - firstAtLeast(x, Math.nextUp(y[y.length - 1]));
        int ofY = y.length - firstAtLeast(y, Math.nextUp(x[x.length - 1]));
        double probability = 1;
        for (int i = 0; i < Math.max(ofX, ofY); i++) {
            double kind = ofX > 0 ? x.length : y.length;
            probability *= (kind - i) / (x.length + y.length - i);
        }
        return Math.min(1, probability);
    }

    private static double[] negated(double[] ascending) {
        double[] negated = new double[ascending.length];
        for (int i = 0; i < negated.length; i++) {
            negated[i] = -ascending[negated.length - 1 - i];
        }
        return negated;
    }

    private static double[] merged(double[] x, double[] y) {
        double[] all = Arrays.copyOf(x, x.length + y.length);
        System.arraycopy(y, 0, all, x.length, y.length);
        Arrays.sort(all);
        return all;
    }

    /** How many of the ascending values are below this one. */
    private static int firstAtLeast(double[] ascending, double value) {
        int low = 0;
        int high = ascending.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ascending[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
