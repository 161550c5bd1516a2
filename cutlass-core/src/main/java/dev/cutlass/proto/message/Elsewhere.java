package dev.cutlass.proto.message;

/**
 * What a channel knows of messages that come another way than in fragments: {@link InboundChannel}'s {@code next} says what is settled, apart from what is said here. docs/offline.md.
 *
 * <p>Both sets are bounded as {@link NumberSet} is: a sender that leaves so many gaps may hear of its own messages wrongly, and nobody else.
 */
final class Elsewhere {
    /** Numbers that came another way, or in an earlier life of ours. */
    private final NumberSet came;

    /** Numbers that will not come in fragments any more, though they were not settled here: their sender knows that they are on their way to us, or has given them up, or we knew of them once. */
    private final NumberSet skipped = new NumberSet();

    Elsewhere(NumberSet came) {
        this.came = came;
    }

    boolean came(long number) {
        return came.contains(number);
    }

    void add(long number) {
        came.add(number);
    }

    /** The lowest number from {@code from} on that did not come. */
    long firstMissing(long from) {
        return came.firstMissing(from);
    }

    /** Those from {@code from} to before {@code to}, which are above all that were skipped before. */
    void skip(long from, long to) {
        skipped.append(from, to - 1);
    }

    /** Whether a number below {@code next} may come yet. */
    boolean isMissing(long number) {
        return skipped.contains(number) && !came.contains(number);
    }
}
