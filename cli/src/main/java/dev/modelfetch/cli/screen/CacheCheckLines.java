package dev.modelfetch.cli.screen;

import dev.modelfetch.StoredCheck;
import java.util.ArrayList;
import java.util.List;

/** What {@code fetch cache verify} tells a person: every file that is not as it should be, then the sums. */
public record CacheCheckLines(Messages messages) {

    public List<String> of(List<StoredRevisionCheck> checks) {
        List<String> lines = new ArrayList<>(damaged(checks));
        lines.add(total(checks));
        return lines;
    }

    /** Each file by repository, commit and path. */
    public List<String> damaged(List<StoredRevisionCheck> checks) {
        return checks.stream()
                .flatMap(each -> each.damaged().stream()
                        .map(item -> CheckLines.line(item, each.name() + "  " + item.path(), messages)))
                .toList();
    }

    /** After all that was damaged has been fetched again. */
    public List<String> repaired(List<StoredRevisionCheck> checks) {
        long files = checks.stream().mapToLong(each -> each.damaged().size()).sum();
        return List.of(total(checks), messages.say("cache.repaired", Count.files(files, messages)));
    }

    private String total(List<StoredRevisionCheck> checks) {
        List<StoredCheck.Item> files =
                checks.stream().flatMap(each -> each.check().files().stream()).toList();
        return messages.say(
                "cache.checked",
                Count.repositories(
                        checks.stream()
                                .map(StoredRevisionCheck::repo)
                                .distinct()
                                .count(),
                        messages),
                Count.revisions(checks.size(), messages),
                Count.files(files.size(), messages),
                count(files, StoredCheck.State.OK),
                count(files, StoredCheck.State.CORRUPT),
                count(files, StoredCheck.State.MISSING),
                count(files, StoredCheck.State.UNPROVED));
    }

    private static String count(List<StoredCheck.Item> files, StoredCheck.State state) {
        return Figures.count(
                files.stream().filter(item -> item.state() == state).count());
    }
}
