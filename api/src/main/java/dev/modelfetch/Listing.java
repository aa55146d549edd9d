package dev.modelfetch;

import java.util.List;

/**
 * The answer to "what is there, and who has it".
 *
 * @param manifest of the source that was chosen
 * @param identity whether that is the repository asked for
 * @param reason why that source, in one clause
 * @param rows selected files, each with the sources that can deliver exactly its content, best first
 * @param probes what every source said
 */
public record Listing(Manifest manifest, Identity identity, String reason, List<Row> rows, List<Probe> probes) {

    /** One selected file. */
    public record Row(RepoFile file, List<String> sources) {
        public Row {
            sources = List.copyOf(sources);
        }
    }

    public Listing {
        rows = List.copyOf(rows);
        probes = List.copyOf(probes);
    }
}
