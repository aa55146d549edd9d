package dev.modelfetch.internal.config;

import dev.modelfetch.FetchException;
import dev.modelfetch.Hint;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The user's own tables of names, {@code SOURCE-aliases.tsv} beside the configuration file: common id, id at that source,
 * type, and anything else, separated by tabs, as in the table that is shipped, which they extend and replace row by row.
 */
final class AliasFiles {

    private static final String END = "-aliases.tsv";

    private AliasFiles() {}

    /**
     * By source, keyed as in the configuration file.
     *
     * @throws FetchException.Usage if one cannot be used
     */
    static Map<String, Map<String, String>> beside(Path file) {
        Map<String, Map<String, String>> tables = new LinkedHashMap<>();
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return tables;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path table : entries.sorted().toList()) {
                String name = table.getFileName().toString();
                if (name.endsWith(END) && name.length() > END.length()) {
                    tables.put(name.substring(0, name.length() - END.length()), read(table));
                }
            }
            return tables;
        } catch (IOException e) {
            throw new FetchException.Usage(
                    Message.of(
                            "tables-unreadable",
                            "The tables of names in {0} cannot be read: {1}.",
                            folder,
                            Phrase.Clause.of(e)),
                    Hint.plain("Check their permissions."),
                    e);
        }
    }

    private static void named(RepoType type, String id, Path file, int number) {
        try {
            var unused = Repo.of(type, id);
        } catch (FetchException.Usage e) {
            throw new FetchException.Usage(
                    Message.of("table-line", "{0}, line {1}: {2}", file, number + 1, e.message()),
                    Hint.plain("Write ids as owner/name."),
                    e);
        }
    }

    private static Map<String, String> read(Path file) throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new FetchException.Usage(
                    Message.of("table-not-utf8", "{0} is not in UTF-8.", file),
                    Hint.plain("Save it in UTF-8, or move it away."),
                    e);
        }
        for (int number = 0; number < lines.size(); number++) {
            String line = lines.get(number).replace("\uFEFF", "").strip();
            String[] cells = line.split("\t", 4);
            if (line.isEmpty() || line.startsWith("#") || cells[0].equals("hf_id")) {
                continue;
            }
            String word = cells.length < 3 ? RepoType.MODEL.word() : cells[2].strip();
            RepoType type = Arrays.stream(RepoType.values())
                    .filter(each -> each.word().equals(word))
                    .findFirst()
                    .orElse(null);
            if (cells.length < 2 || type == null || cells[1].isBlank()) {
                throw new FetchException.Usage(
                        Message.of("table-row", "{0}, line {1} is no row of a table of names.", file, number + 1),
                        Hint.plain("Write: common id, tab, id at that source, tab, model or dataset."));
            }
            named(type, cells[0].strip(), file, number);
            named(type, cells[1].strip(), file, number);
            rows.put((type == RepoType.MODEL ? "" : type.plural() + "/") + cells[0].strip(), cells[1].strip());
        }
        return rows;
    }
}
