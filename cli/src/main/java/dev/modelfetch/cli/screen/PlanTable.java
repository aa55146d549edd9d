package dev.modelfetch.cli.screen;

import dev.modelfetch.Plan;
import java.util.ArrayList;
import java.util.List;

/** What {@code --dry-run} tells a person: every file, then the sums. */
public final class PlanTable {

    private PlanTable() {}

    public static List<Line> lines(Plan plan, Messages messages) {
        Table table = new Table(
                messages.say("column.path"),
                messages.say("column.size"),
                messages.say("column.state"),
                messages.say("column.sources"));
        for (Plan.Item item : plan.items()) {
            table.row(
                    item.file().path(),
                    Figures.bytes(item.file().size()),
                    state(item, messages),
                    String.join(", ", item.sources()));
        }
        List<Line> lines = new ArrayList<>(table.lines().stream().map(Line::of).toList());
        long missing = plan.items().stream().filter(item -> !item.stored()).count();
        lines.add(Line.of(messages.say(
                "plan.total",
                missing,
                plan.items().size(),
                Figures.bytes(plan.bytesToFetch()),
                Figures.bytes(plan.bytesPresent()),
                plan.path())));
        if (plan.bytesToFetch() > plan.bytesFree()) {
            lines.add(Line.note(messages.say("plan.no-room", Figures.bytes(plan.bytesFree()))));
        }
        return lines;
    }

    private static String state(Plan.Item item, Messages messages) {
        if (item.stored()) {
            return messages.say("state.stored");
        }
        return item.present() > 0
                ? messages.say(
                        "state.partial",
                        Figures.percent(item.present(), item.file().size()))
                : messages.say("state.to-fetch");
    }
}
