package dev.modelfetch.serve;

import dev.modelfetch.Caller;
import dev.modelfetch.FetchException;
import dev.modelfetch.Verdict;
import java.time.Duration;
import java.util.Set;

/** What went wrong, in the words by which clients of the Hub tell failures apart (serving.md 6). */
final class Problems {

    private static final int BRIEFLY = 5;
    private static final Set<String> FULL = Set.of("no-space", "no-room");

    private Problems() {}

    static Reply of(FetchException e, Caller caller) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof FetchException.NotFound) {
            boolean revision = e.probes().stream()
                    .anyMatch(probe -> probe.verdict() instanceof Verdict.NotHere missing
                            && missing.what() == Verdict.What.REVISION);
            return Reply.error(404, revision ? "RevisionNotFound" : "RepoNotFound", message);
        }
        if (e instanceof FetchException.AccessDenied) {
            boolean badToken = e.probes().stream()
                    .anyMatch(probe -> probe.verdict() instanceof Verdict.NeedsAuth refused
                            && refused.missing() == Verdict.Missing.VALID_TOKEN);
            if (badToken) {
                return Reply.error(401, "", "Invalid credentials in Authorization header");
            }
            return Reply.error(caller.token().isEmpty() ? 401 : 403, "GatedRepo", message);
        }
        if (e instanceof FetchException.Unreachable) {
            // A pause that a hub asks for is passed on: clients wait so long, and ask again.
            for (var probe : e.probes()) {
                if (probe.verdict() instanceof Verdict.Limited limited) {
                    return Reply.busy(message, limited.pause());
                }
            }
            return Reply.error(504, "", message);
        }
        if (e instanceof FetchException.NotStored || e instanceof FetchException.TimedOut) {
            return Reply.error(504, "", message);
        }
        if (e instanceof FetchException.Corrupt) {
            return Reply.error(502, "", message);
        }
        if (e instanceof FetchException.Cancelled) {
            return Reply.busy("The service is about to end.", Duration.ofSeconds(BRIEFLY));
        }
        if (e instanceof FetchException.Storage) {
            // Where there is no room, the next attempt passes it through.
            return FULL.contains(e.message().code())
                    ? Reply.busy(message, Duration.ofSeconds(1))
                    : Reply.error(507, "", message);
        }
        return e instanceof FetchException.Usage ? Reply.error(400, "", message) : Reply.error(500, "", message);
    }

    static Reply noRoute() {
        return Reply.error(404, "", "Not Found");
    }
}
