package dev.modelfetch.cli.screen;

import dev.modelfetch.CacheContents;
import dev.modelfetch.CacheWarning;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.Leftover;
import dev.modelfetch.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What {@code fetch cache ls} tells a person: the columns of {@code hf cache ls}, then those of ours that have anything
 * to say about what is shown, then the sums.
 *
 * @param whole whether nothing of the cache was left out
 * @param width that lines may have; for it columns are left out, those first that help least in deciding what can go
 */
public record CacheTable(
        CacheContents contents, List<StoredRow> rows, boolean whole, Messages messages, Instant now, int width) {

    private static final String NONE = "-";

    private static final List<String> DISPENSABLE = List.of(
            "column.verified",
            "column.modified",
            "column.source",
            "column.accessed",
            "column.refs",
            "column.unfinished");

    public CacheTable {
        rows = List.copyOf(rows);
    }

    /**
     * A column under the heading of that key.
     *
     * @param always whether it is shown even where it is empty
     */
    private record Column(String key, boolean always, Function<StoredRow, String> cell) {}

    public List<String> lines() {
        if (contents.repositories().isEmpty()) {
            return List.of(messages.say("cache.empty", contents.root()));
        }
        List<String> lines = new ArrayList<>();
        if (!rows.isEmpty()) {
            lines.addAll(table());
        }
        lines.add(messages.say(
                "cache.total",
                Count.repositories(rows.stream().map(StoredRow::id).distinct().count(), messages),
                Count.revisions(rows.stream().mapToLong(CacheTable::revisions).sum(), messages),
                Figures.bytes(
                        whole
                                ? contents.bytes()
                                : rows.stream().mapToLong(StoredRow::size).sum()),
                contents.root()));
        return lines;
    }

    /** One a line and nothing else, for other programs and for {@code fetch cache rm}. */
    public List<String> names() {
        return rows.stream()
                .map(row -> row.revision() == null ? row.id() : row.revision().commit())
                .map(Cells::plain)
                .toList();
    }

    private List<String> table() {
        List<String> lines = lines(columns(false));
        if (fits(lines)) {
            return lines;
        }
        List<Column> columns = columns(true);
        lines = lines(columns);
        for (String key : DISPENSABLE) {
            if (fits(lines)) {
                break;
            }
            columns =
                    columns.stream().filter(column -> !column.key().equals(key)).toList();
            lines = lines(columns);
        }
        return lines;
    }

    private boolean fits(List<String> lines) {
        return lines.stream().allMatch(line -> Cells.width(line) <= width);
    }

    private List<String> lines(List<Column> columns) {
        Table table = new Table(
                columns.stream().map(column -> messages.say(column.key())).toArray(String[]::new));
        for (StoredRow row : rows) {
            table.row(columns.stream()
                    .map(column -> column.cell().apply(row))
                    .map(cell -> cell.isEmpty() ? NONE : cell)
                    .toArray(String[]::new));
        }
        return table.lines();
    }

    /** @param brief whether a commit has only as many characters as tell it from others */
    private List<Column> columns(boolean brief) {
        return Stream.of(
                        new Column("column.id", true, StoredRow::id),
                        new Column("column.revision", false, row -> commit(row, brief)),
                        new Column("column.size", true, row -> Figures.bytes(row.size())),
                        new Column(
                                "column.accessed",
                                false,
                                row -> row.revision() == null ? Ago.words(row.lastAccessed(), now, messages) : ""),
                        new Column("column.modified", true, row -> Ago.words(row.lastModified(), now, messages)),
                        new Column("column.refs", true, row -> String.join(", ", row.refs())),
                        new Column("column.source", false, row -> String.join(", ", row.sources())),
                        new Column(
                                "column.verified",
                                false,
                                row -> row.verified().map(Verification::word).orElse("")),
                        new Column("column.unfinished", false, this::unfinished))
                .filter(column -> column.always()
                        || rows.stream()
                                .anyMatch(row -> !column.cell().apply(row).isEmpty()))
                .toList();
    }

    private static String commit(StoredRow row, boolean brief) {
        if (row.revision() == null) {
            return "";
        }
        String commit = row.revision().commit();
        return brief ? StoredRow.shortened(commit) : commit;
    }

    private static int revisions(StoredRow row) {
        return row.revision() == null ? row.repo().revisions().size() : 1;
    }

    /** Nobody knows for which revision an unfinished download was. */
    private String unfinished(StoredRow row) {
        return row.revision() != null || row.unfinished() == 0 ? "" : Figures.bytes(row.unfinished());
    }

    /** What else is there to know about the cache, whatever of it is shown; the more verbose, the more. */
    public List<Line> notes(boolean verbose) {
        List<Line> notes = new ArrayList<>();
        leftovers("cache.unfinished", StoredRow::isUnfinished).ifPresent(notes::add);
        leftovers("cache.unreferenced", leftover -> leftover.kind() == Leftover.Kind.UNREFERENCED)
                .ifPresent(notes::add);
        List<CacheWarning> warnings = Stream.concat(
                        contents.warnings().stream(),
                        contents.repositories().stream().flatMap(repo -> repo.warnings().stream()))
                .toList();
        if (verbose) {
            warnings.forEach(warning -> notes.add(Line.note(messages.say(
                    "cache.warning",
                    messages.say("warning." + warning.kind().word()),
                    warning.path(),
                    warning.detail().isEmpty() ? "" : " (" + warning.detail() + ")"))));
        } else if (!warnings.isEmpty()) {
            notes.add(Line.note(messages.say("cache.warnings", Figures.count(warnings.size()))));
        }
        return notes;
    }

    private Optional<Line> leftovers(String key, Predicate<Leftover> which) {
        List<Leftover> found = Stream.concat(
                        contents.leftovers().stream(),
                        contents.repositories().stream()
                                .map(CachedRepo::leftovers)
                                .flatMap(List::stream))
                .filter(which)
                .toList();
        long bytes = found.stream().mapToLong(Leftover::bytes).sum();
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(Line.note(messages.say(key, Count.files(found.size(), messages), Figures.bytes(bytes))));
    }
}
