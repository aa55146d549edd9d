package dev.modelfetch.cli.screen;

import dev.modelfetch.Digest;
import dev.modelfetch.StoredCheck;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code fetch verify} tells a person: every file that is not as it should be, then the sums. */
public final class CheckLines {

    private CheckLines() {}

    public static List<String> of(StoredCheck check, Messages messages) {
        List<String> lines = new ArrayList<>();
        for (StoredCheck.Item item : check.files()) {
            if (item.state() != StoredCheck.State.OK) {
                lines.add(line(item, item.path(), messages));
            }
        }
        lines.add(messages.say(
                "verify.total",
                Count.files(check.files().size(), messages),
                count(check, StoredCheck.State.OK),
                count(check, StoredCheck.State.CORRUPT),
                count(check, StoredCheck.State.MISSING),
                count(check, StoredCheck.State.UNPROVED),
                check.against(),
                check.path()));
        return lines;
    }

    /** @param name under which the person knows the file */
    static String line(StoredCheck.Item item, String name, Messages messages) {
        return Cells.plain(
                messages.say("verify." + item.state().word(), name, text(item.expected()), text(item.actual())));
    }

    private static long count(StoredCheck check, StoredCheck.State state) {
        return check.files().stream().filter(item -> item.state() == state).count();
    }

    private static String text(@Nullable Digest digest) {
        return digest == null ? "-" : digest.toString();
    }
}
