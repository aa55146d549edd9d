package dev.modelfetch.cli.screen;

import dev.modelfetch.Alias;
import java.util.List;

/** What repositories are called elsewhere. */
public final class AliasTable {

    private AliasTable() {}

    /** Empty if there is none. */
    public static List<String> lines(List<Alias> known, Messages messages) {
        if (known.isEmpty()) {
            return List.of();
        }
        Table table = new Table(
                messages.say("column.repo"),
                messages.say("column.source"),
                messages.say("column.id-there"),
                messages.say("column.because"));
        known.forEach(alias ->
                table.row(alias.repo().toString(), alias.source(), alias.id(), messages.sentence(alias.because())));
        return table.lines();
    }
}
