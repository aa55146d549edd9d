package dev.modelfetch.it.night;

import dev.modelfetch.it.night.Trouble.What;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * All that goes wrong in one night, in order: outages of one server, one hub or everybody, most of them short; links that
 * expire, a branch that moves, and now and then somebody who kills the program.
 *
 * @param length until everything works again
 * @param troubles by their beginning
 */
record Night(Duration length, List<Trouble> troubles) {

    /** The names of the hubs; their data hosts are called the same with {@code -data}. */
    static final List<String> HUBS = List.of("huggingface", "mirror", "modelscope");

    private static final List<What> OUTAGES =
            List.of(What.REFUSED, What.RESET, What.HUNG_UP, What.SILENT, What.UNAVAILABLE, What.LIMITED);

    private static final Duration SHORTEST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofMinutes(3);

    /** One cannot last longer than this part of the night. */
    private static final int SHARE = 3;

    /** Throws the dice. */
    static Night of(Random random, Duration length, int outages, int kills) {
        List<Trouble> troubles = new ArrayList<>();
        for (int i = 0; i < outages; i++) {
            What what = OUTAGES.get(random.nextInt(OUTAGES.size()));
            troubles.add(new Trouble(what, servers(random), moment(random, length), span(random, length)));
        }
        for (int i = 0; i < Math.max(1, outages / 5); i++) {
            troubles.add(passing(What.LINKS_EXPIRED, hub(random), moment(random, length)));
        }
        troubles.add(passing(What.BRANCH_MOVED, hub(random), moment(random, length)));
        for (int i = 0; i < kills; i++) {
            // Early enough to find it at work.
            troubles.add(passing(What.KILLED, Set.of(), moment(random, length.dividedBy(2))));
        }
        troubles.sort(Comparator.comparing(Trouble::at));
        return new Night(length, List.copyOf(troubles));
    }

    long count(What what) {
        return troubles.stream().filter(trouble -> trouble.what() == what).count();
    }

    @Override
    public String toString() {
        return troubles.stream().map(trouble -> trouble + "\n").collect(Collectors.joining());
    }

    private static Trouble passing(What what, Set<String> where, Duration at) {
        return new Trouble(what, where, at, Duration.ZERO);
    }

    /** One server, both of one hub, or all there are. */
    private static Set<String> servers(Random random) {
        String hub = HUBS.get(random.nextInt(HUBS.size()));
        Set<String> names = new TreeSet<>();
        switch (random.nextInt(4)) {
            case 0 -> names.add(random.nextBoolean() ? hub : hub + "-data");
            case 1 -> names.addAll(List.of(hub, hub + "-data"));
            default -> HUBS.forEach(each -> names.addAll(List.of(each, each + "-data")));
        }
        return names;
    }

    private static Set<String> hub(Random random) {
        return Set.of(HUBS.get(random.nextInt(HUBS.size())));
    }

    private static Duration moment(Random random, Duration within) {
        return Duration.ofMillis((long) (random.nextDouble() * within.toMillis()));
    }

    /** As likely between one and two seconds as between one and two minutes. */
    private static Duration span(Random random, Duration length) {
        long longest = Math.min(LONGEST.toMillis(), length.toMillis() / SHARE);
        double times = (double) longest / SHORTEST.toMillis();
        return Duration.ofMillis((long) (SHORTEST.toMillis() * Math.pow(times, random.nextDouble())));
    }
}
