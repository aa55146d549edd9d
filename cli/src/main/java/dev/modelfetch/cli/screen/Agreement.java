package dev.modelfetch.cli.screen;

import dev.modelfetch.Digest;
import dev.modelfetch.Listing;
import dev.modelfetch.RepoFile;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How far another source has the same files as the one that would be taken.
 *
 * @param same with equal digests
 * @param other with another digest or size
 * @param unknown whose size is the same, but whose digests are of different kinds
 * @param missing not there
 */
public record Agreement(int same, int other, int unknown, int missing) {

    /** Compares what two sources list. */
    public static Agreement of(Listing taken, Listing elsewhere) {
        Map<Finding, Long> counts = findings(taken, elsewhere).values().stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return new Agreement(
                count(counts, Finding.SAME),
                count(counts, Finding.OTHER),
                count(counts, Finding.UNKNOWN),
                count(counts, Finding.MISSING));
    }

    /** The paths of those files that the other source has with the same content. */
    public static Set<String> shared(Listing taken, Listing elsewhere) {
        return findings(taken, elsewhere).entrySet().stream()
                .filter(finding -> finding.getValue() == Finding.SAME)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static int count(Map<Finding, Long> counts, Finding finding) {
        return Math.toIntExact(counts.getOrDefault(finding, 0L));
    }

    private static Map<String, Finding> findings(Listing taken, Listing elsewhere) {
        boolean sameVersion =
                taken.manifest().family().equals(elsewhere.manifest().family())
                        && taken.manifest().commit().equals(elsewhere.manifest().commit());
        Map<String, RepoFile> theirs = elsewhere.manifest().files().stream()
                .collect(Collectors.toMap(RepoFile::path, Function.identity(), (first, again) -> first));
        Map<String, Finding> findings = new HashMap<>();
        for (Listing.Row row : taken.rows()) {
            RepoFile file = theirs.get(row.file().path());
            Finding finding = file == null ? Finding.MISSING : compare(row.file(), file);
            findings.put(row.file().path(), finding == Finding.UNKNOWN && sameVersion ? Finding.SAME : finding);
        }
        return findings;
    }

    private enum Finding {
        SAME,
        OTHER,
        UNKNOWN,
        MISSING
    }

    private static Finding compare(RepoFile one, RepoFile other) {
        if (one.size() != other.size()) {
            return Finding.OTHER;
        }
        if (one.sha256() != null && other.sha256() != null) {
            return found(one.sha256(), other.sha256());
        }
        return one.gitBlob() != null && other.gitBlob() != null
                ? found(one.gitBlob(), other.gitBlob())
                : Finding.UNKNOWN;
    }

    private static Finding found(Digest one, Digest other) {
        return one.equals(other) ? Finding.SAME : Finding.OTHER;
    }
}
