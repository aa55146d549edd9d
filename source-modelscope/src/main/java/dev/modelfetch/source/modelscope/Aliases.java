package dev.modelfetch.source.modelscope;

import dev.modelfetch.RepoType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The shipped table of ids: the common spelling of a repository to ModelScope's, in order of preference (modelscope.md
 * 9.4). A row says that clients take the two for the same repository, not that their bytes are equal.
 */
final class Aliases {

    private static final String TABLE = "modelscope-aliases.tsv";

    /** @param evidence where that is said */
    record Row(RepoType type, String from, String to, String evidence) {}

    /** Keyed by type and lower-case id, since the Hub too forgives wrong letter case. */
    private final Map<String, List<Row>> rows = new HashMap<>();

    private Aliases() {}

    /** The table inside this jar, read on first use. */
    static Aliases shipped() {
        return Shipped.TABLE;
    }

    /** Ids to try, best first; empty when the table does not know the id. Exact letter case wins over any other. */
    List<String> of(RepoType type, String id) {
        List<Row> known = rows.getOrDefault(key(type.word(), id), List.of());
        List<Row> exact = known.stream().filter(row -> row.from().equals(id)).toList();
        return (exact.isEmpty() ? known : exact)
                .stream().map(Row::to).distinct().toList();
    }

    /** As {@link #of}, with the evidence. */
    List<Row> rowsOf(RepoType type, String id) {
        List<String> ids = of(type, id);
        return rows.getOrDefault(key(type.word(), id), List.of()).stream()
                .filter(row -> ids.contains(row.to()))
                .toList();
    }

    /** The whole table, by name. */
    List<Row> all() {
        return rows.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(Row::from))
                .toList();
    }

    /** All ids the table may send people to, for checking the table. */
    List<String> targets() {
        return rows.values().stream().flatMap(List::stream).map(Row::to).toList();
    }

    /** Reads tab separated lines under a header: common id, ModelScope id, type, evidence. */
    static Aliases read(BufferedReader lines) throws IOException {
        Aliases aliases = new Aliases();
        lines.readLine();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] cells = line.split("\t", 4);
            if (cells.length >= 3) {
                aliases.rows
                        .computeIfAbsent(key(cells[2], cells[0]), unused -> new ArrayList<>(2))
                        .add(new Row(type(cells[2]), cells[0], cells[1], cells.length > 3 ? cells[3] : ""));
            }
        }
        return aliases;
    }

    private static RepoType type(String word) {
        return Arrays.stream(RepoType.values())
                .filter(type -> type.word().equals(word))
                .findFirst()
                .orElse(RepoType.MODEL);
    }

    private static String key(String type, String id) {
        return type + " " + id.toLowerCase(Locale.ROOT);
    }

    private static final class Shipped {
        private static final Aliases TABLE = load();

        private static Aliases load() {
            try (InputStream in = Aliases.class.getResourceAsStream(Aliases.TABLE)) {
                if (in == null) {
                    throw new IllegalStateException("This build lacks " + Aliases.TABLE + ".");
                }
                return read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
