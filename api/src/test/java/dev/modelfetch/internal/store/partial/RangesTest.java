package dev.modelfetch.internal.store.partial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RangesTest {

    private final Ranges ranges = new Ranges();

    @Test
    void neighboursOfOneSourceBecomeOne() {
        ranges.add(0, 10, "hub");
        ranges.add(20, 30, "hub");
        ranges.add(10, 20, "hub");

        assertThat(ranges.all()).containsExactly(new Ranges.Range(0, 30, "hub"));
    }

    @Test
    void neighboursOfTwoSourcesStayApart() {
        ranges.add(0, 10, "hub");
        ranges.add(10, 20, "mirror");

        assertThat(ranges.all()).containsExactly(new Ranges.Range(0, 10, "hub"), new Ranges.Range(10, 20, "mirror"));
        assertThat(ranges.frontier()).isEqualTo(20);
        assertThat(ranges.contributors()).containsExactly("hub", "mirror");
    }

    @Test
    void whatIsWrittenLaterReplacesWhatWasThere() {
        ranges.add(0, 100, "hub");
        ranges.add(40, 60, "mirror");

        assertThat(ranges.all())
                .containsExactly(
                        new Ranges.Range(0, 40, "hub"),
                        new Ranges.Range(40, 60, "mirror"),
                        new Ranges.Range(60, 100, "hub"));
        assertThat(ranges.drop("mirror")).isEqualTo(20);
        assertThat(ranges.missing(100)).containsExactly(new Ranges.Gap(40, 60));
    }

    @Test
    void anEmptyRangeIsNothing() {
        ranges.add(5, 5, "hub");

        assertThat(ranges.all()).isEmpty();
        assertThat(ranges.missing(0)).isEmpty();
        assertThat(ranges.missing(3)).containsExactly(new Ranges.Gap(0, 3));
    }

    @Test
    void aRangeThatEndsBeforeItBeginsIsRefused() {
        assertThatThrownBy(() -> ranges.add(5, 4, "hub")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ranges.add(-1, 4, "hub")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCopyGoesItsOwnWay() {
        ranges.add(0, 10, "hub");
        Ranges copy = ranges.copy();
        copy.clear();

        assertThat(ranges.total()).isEqualTo(10);
    }

    @Test
    void positionsBeyondFourGigabytesAreKept() {
        ranges.add(5_000_000_000L, 60_000_000_000L, "hub");

        assertThat(ranges.total()).isEqualTo(55_000_000_000L);
        assertThat(ranges.overlap(0, 5_000_000_001L)).isEqualTo(1);
    }

    /** Against an array with one cell for each byte. */
    @RepeatedTest(50)
    void anySequenceOfCallsEqualsTheObviousModel(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        int size = 1 + random.nextInt(120);
        String[] model = new String[size];
        for (int step = 0; step < 80; step++) {
            int start = random.nextInt(size);
            int end = start + random.nextInt(size - start + 1);
            String source = "s" + random.nextInt(3);
            switch (random.nextInt(12)) {
                case 0 -> {
                    ranges.drop(source);
                    Arrays.setAll(model, i -> source.equals(model[i]) ? null : model[i]);
                }
                case 1 -> {
                    ranges.cut(end);
                    Arrays.fill(model, end, size, null);
                }
                default -> {
                    ranges.add(start, end, source);
                    Arrays.fill(model, start, end, source);
                }
            }
            agree(model, start, end);
        }
    }

    private void agree(String[] model, int start, int end) {
        BitSet present = new BitSet();
        for (int i = 0; i < model.length; i++) {
            present.set(i, model[i] != null);
        }
        String[] told = new String[model.length];
        long last = -1;
        for (Ranges.Range range : ranges.all()) {
            assertThat(range.start()).isGreaterThanOrEqualTo(last).isLessThan(range.end());
            last = range.end();
            Arrays.fill(told, (int) range.start(), (int) range.end(), range.source());
        }
        assertThat(told).isEqualTo(model);
        assertThat(ranges.total()).isEqualTo(present.cardinality());
        assertThat(ranges.frontier()).isEqualTo(present.nextClearBit(0));
        assertThat(ranges.overlap(start, end)).isEqualTo(present.get(start, end).cardinality());
        BitSet missing = new BitSet();
        ranges.missing(model.length).forEach(gap -> missing.set((int) gap.start(), (int) gap.end()));
        present.flip(0, model.length);
        assertThat(missing).isEqualTo(present);
    }
}
