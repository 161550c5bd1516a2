package dev.cutlass.proto.recovery;

import static dev.cutlass.proto.recovery.LinkModel.MS;
import static dev.cutlass.proto.recovery.LinkModel.SECOND;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What controllers make of links: the numbers that docs/transport.md shows, and the bounds that they must keep. */
class ControllersTest {
    private static final Map<String, Supplier<CongestionController>> CONTROLLERS = new LinkedHashMap<>();

    static {
        CONTROLLERS.put("BBR", Bbr::new);
        CONTROLLERS.put("CUBIC", Cubic::new);
        CONTROLLERS.put("LEDBAT", Ledbat::new);
        CONTROLLERS.put("fixed 64", () -> new FixedWindow(64, LinkModel.PACKET));
    }

    /** Those of others that one meets on the Internet. */
    static List<Supplier<CongestionController>> rivals() {
        return List.of(Bbr::new, Cubic::new);
    }

    @ParameterizedTest
    @CsvSource({"20, 0, 0.93", "20, 0.01, 0.9", "20, 0.05, 0.75", "100, 0, 0.93", "100, 0.01, 0.9", "100, 0.05, 0.75"})
    void theDefaultFillsALinkThatLoses(long rttMillis, double loss, double least) {
        for (double queue : new double[] {0.25, 1}) {
            final double share =
                    LinkModel.alone(Bbr::new, 100, rttMillis * MS, queue, loss, 1, 2 * SECOND, 10 * SECOND);
            assertTrue(share >= least, () -> queue + " round trips of queue: " + share);
        }
    }

    @ParameterizedTest
    @CsvSource({"20", "100"})
    void cubicFillsALinkThatDoesNotLose(long rttMillis) {
        final double share = LinkModel.alone(Cubic::new, 100, rttMillis * MS, 1, 0, 1, 2 * SECOND, 12 * SECOND);
        assertTrue(share > 0.95, () -> "" + share);
    }

    @ParameterizedTest
    @CsvSource({"20, 0.5", "20, 1", "20, 2", "20, 4", "100, 0.5", "100, 1", "100, 2"})
    void theDefaultSharesWithCubicWhoeverCameFirst(long rttMillis, double queue) {
        for (long from : new long[] {0, 3 * SECOND}) {
            final double[] later = beside(Bbr::new, Cubic::new, rttMillis, queue, from);
            assertTrue(jain(later) >= 0.8, () -> "default " + later[0] + ", CUBIC " + later[1]);
        }
        final double[] sooner = beside(Cubic::new, Bbr::new, rttMillis, queue, 3 * SECOND);
        assertTrue(jain(sooner) >= 0.8, () -> "CUBIC " + sooner[0] + ", default " + sooner[1]);
    }

    @ParameterizedTest
    @CsvSource({"20, 1", "100, 1"})
    void twoOfTheDefaultShare(long rttMillis, double queue) {
        final double[] shares = beside(Bbr::new, Bbr::new, rttMillis, queue, 3 * SECOND);
        assertTrue(jain(shares) >= 0.8, () -> shares[0] + " and " + shares[1]);
        assertTrue(shares[0] + shares[1] > 0.85, () -> shares[0] + " and " + shares[1]);
    }

    private static double jain(double[] shares) {
        final double sum = shares[0] + shares[1];
        return sum * sum / (2 * (shares[0] * shares[0] + shares[1] * shares[1]));
    }

    /** The shares of two flows on 50 Mbit/s over a minute, after ten seconds to find each other. */
    private static double[] beside(
            Supplier<CongestionController> one,
            Supplier<CongestionController> other,
            long rttMillis,
            double queue,
            long headStart) {
        final LinkModel link = new LinkModel(50, rttMillis * MS, queue, 0, 1).tick(1 << 20);
        final LinkModel.Flow first = link.flow(one.get(), headStart);
        final LinkModel.Flow second = link.flow(other.get(), 0);
        link.run(10 * SECOND);
        final long firstBefore = first.delivered;
        final long secondBefore = second.delivered;
        link.run(70 * SECOND);
        final double all = link.capacity() * 60;
        return new double[] {(first.delivered - firstBefore) / all, (second.delivered - secondBefore) / all};
    }

    /** {@code mvn -pl cutlass-core -am test -Dtest=ControllersTest -Dcutlass.tables=true -Dsurefire.failIfNoSpecifiedTests=false} */
    @Test
    @EnabledIfSystemProperty(named = "cutlass.tables", matches = "true")
    void tables() {
        System.out.println(
                "| 100 Mbit/s, queue 1 RTT | 20 ms, 0 % | 20 ms, 1 % | 20 ms, 5 % | 100 ms, 0 % | 100 ms, 1 % | 100 ms, 5 % |");
        System.out.println("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        CONTROLLERS.forEach((name, controller) -> {
            final StringBuilder row = new StringBuilder("| " + name + " |");
            for (long rtt : new long[] {20, 100}) {
                for (double loss : new double[] {0, 0.01, 0.05}) {
                    double sum = 0;
                    for (int seed = 1; seed <= 3; seed++) {
                        sum += LinkModel.alone(controller, 100, rtt * MS, 1, loss, seed, 2 * SECOND, 22 * SECOND);
                    }
                    row.append(String.format(Locale.ROOT, " %.1f %% |", 100 * sum / 3));
                    if (name.equals("BBR")) { // the default has to hold what was promised of it
                        assertTrue(sum / 3 >= (loss == 0.05 ? 0.75 : 0.9), row::toString);
                    }
                }
            }
            System.out.println(row);
        });
        final StringBuilder bulk = new StringBuilder("| bulk: BBR and LEDBAT |");
        for (long rtt : new long[] {20, 100}) {
            for (double loss : new double[] {0, 0.01, 0.05}) {
                double sum = 0;
                for (int seed = 1; seed <= 3; seed++) {
                    final LinkModel link = new LinkModel(100, rtt * MS, 1, loss, seed).tick(1 << 20);
                    sum += link.share(link.flow(new Bbr(), 0).asBulk(), 2 * SECOND, 22 * SECOND);
                }
                bulk.append(String.format(Locale.ROOT, " %.1f %% |", 100 * sum / 3));
            }
        }
        System.out.println(bulk);
        System.out.println();
        System.out.println("| beside CUBIC, 50 Mbit/s | queue, RTTs | first | share | CUBIC's | Jain |");
        System.out.println("| --- | ---: | --- | ---: | ---: | ---: |");
        for (String name : new String[] {"BBR", "CUBIC", "LEDBAT"}) {
            for (long rtt : new long[] {20, 100}) {
                for (double queue : new double[] {0.25, 0.5, 1, 2, 4}) {
                    for (long from : new long[] {0, 3 * SECOND}) {
                        final double[] shares = beside(CONTROLLERS.get(name), Cubic::new, rtt, queue, from);
                        System.out.printf(
                                Locale.ROOT,
                                "| %s, %d ms | %.2f | %s | %.2f | %.2f | %.2f |%n",
                                name,
                                rtt,
                                queue,
                                from == 0 ? "both" : "CUBIC",
                                shares[0],
                                shares[1],
                                jain(shares));
                    }
                }
            }
        }
    }
}
