package dev.cutlass.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FewLongsTest {
    @Test
    void behavesAsASetInOrder() {
        SplittableRandom random = new SplittableRandom(1);
        FewLongs few = new FewLongs();
        Set<Long> model = new LinkedHashSet<>();
        for (int step = 0; step < 10_000; step++) {
            long value = random.nextInt(6);
            if (random.nextBoolean()) {
                few.add(value);
                model.add(value);
            } else {
                few.remove(value);
                model.remove(value);
            }
            assertEquals(List.copyOf(model), list(few));
            assertEquals(model.size(), few.size());
        }
    }

    private static List<Long> list(FewLongs few) {
        List<Long> values = new ArrayList<>();
        few.forEach(values::add);
        return values;
    }
}
