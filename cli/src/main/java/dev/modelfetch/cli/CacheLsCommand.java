package dev.modelfetch.cli;

import dev.modelfetch.CacheContents;
import dev.modelfetch.CachedRepo;
import dev.modelfetch.CachedRevision;
import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Modelfetch;
import dev.modelfetch.cli.screen.CacheJson;
import dev.modelfetch.cli.screen.CacheTable;
import dev.modelfetch.cli.screen.StoredRow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code fetch cache ls}: what is stored, whoever stored it. */
final class CacheLsCommand implements Command {

    /** As {@code hf cache ls} has it where no order is asked for. */
    private static final Comparator<CachedRepo> BY_ID = Comparator.comparing(CachedRepo::key);

    private final Surroundings around;
    private final OutputOptions output = new OutputOptions();

    private boolean byRevision;
    private List<CacheFilter> filters = new ArrayList<>();
    private @Nullable CacheOrder order;
    private @Nullable Integer limit;
    private @Nullable Path cacheDir;

    CacheLsCommand(Surroundings around) {
        this.around = around;
    }

    @Override
    public void declare(Options options) {
        options.flag("--revisions", said -> byRevision = said);
        options.values("-f", "--filter", "CONDITION", CacheFilter::parse, said -> filters = said);
        options.value("--sort", "KEY[:asc|:desc]", CacheOrder::parse, said -> order = said);
        options.value("--limit", "N", CacheLsCommand::count, said -> limit = said);
        options.path("--cache-dir", "DIR", said -> cacheDir = said);
        output.declareBrief(options);
    }

    @Override
    public int call() {
        return Session.run(around, output, false, this::run);
    }

    private Answer run(Session session) {
        try (Modelfetch modelfetch = session.open(new SourceOptions(), cacheDir)) {
            CacheContents contents = modelfetch.cache().contents();
            Instant now = Instant.now();
            List<StoredRow> rows = rows(contents.repositories(), now);
            boolean whole = filters.isEmpty() && limit == null;
            CacheTable table = new CacheTable(
                    contents,
                    rows,
                    whole,
                    session.messages(),
                    now,
                    around.console().resultColumns());
            return Answer.success(
                    CacheJson.contents(contents, rows, byRevision),
                    output.quiet ? table.names() : table.lines(),
                    table.notes(output.verbose));
        }
    }

    private List<StoredRow> rows(List<CachedRepo> repositories, Instant now) {
        Stream<StoredRow> rows = repositories.stream()
                .sorted(BY_ID)
                .flatMap(this::rows)
                .filter(row -> filters.stream().allMatch(filter -> filter.accepts(row, now)));
        if (order != null) {
            rows = rows.sorted(order.comparator());
        }
        return (limit == null ? rows : rows.limit(limit)).toList();
    }

    private Stream<StoredRow> rows(CachedRepo repo) {
        return byRevision
                ? repo.revisions().stream()
                        .sorted(Comparator.comparing(CachedRevision::commit))
                        .map(revision -> new StoredRow(repo, revision))
                : Stream.of(new StoredRow(repo, null));
    }

    /** Not left to the parser, which also takes the digits of other scripts. */
    private static int count(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new FetchException.Usage(
                    Message.of("bad-limit", "\"{0}\" is not a number of lines.", text), Hint.plain("Use 0 or more."));
        }
        return Integer.parseInt(text);
    }
}
