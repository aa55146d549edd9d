package dev.modelfetch.cli.screen;

import dev.modelfetch.Digest;
import dev.modelfetch.Listing;
import java.util.ArrayList;
import java.util.List;

/** What {@code fetch ls} tells a person: every file and who has it, then the sums. */
public final class ListingTable {

    private ListingTable() {}

    public static List<String> lines(Listing listing, Messages messages) {
        Table table = new Table(
                messages.say("column.path"),
                messages.say("column.size"),
                messages.say("column.digest"),
                messages.say("column.sources"));
        for (Listing.Row row : listing.rows()) {
            table.row(
                    row.file().path(),
                    Figures.bytes(row.file().size()),
                    row.file().digest().map(Digest::toString).orElse("-"),
                    String.join(", ", row.sources()));
        }
        long bytes = listing.rows().stream().mapToLong(row -> row.file().size()).sum();
        List<String> lines = new ArrayList<>(table.lines());
        lines.add(messages.say("ls.total", Count.files(listing.rows().size(), messages), Figures.bytes(bytes)));
        return lines;
    }
}
