package dev.modelfetch.internal.engine;

import dev.modelfetch.FetchEvent;
import dev.modelfetch.FetchJob;
import dev.modelfetch.FetchListener;
import dev.modelfetch.Verdict;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Writes to the log of the program, under the id of the job: its turns for whoever looks for a fault, and as a warning
 * only what its owner should mend although it ended well. Never a token, never a signed query string.
 */
final class JobLog implements FetchListener {

    private static final String NAME = "dev.modelfetch.job";

    private final Logger log;
    private final String job;

    private JobLog(Logger log, FetchJob job) {
        this.log = log;
        this.job = job.toString();
    }

    static FetchListener of(FetchJob job) {
        return new JobLog(System.getLogger(NAME), job);
    }

    @Override
    public void onEvent(FetchEvent event) {
        if (log.isLoggable(Level.DEBUG)) {
            String said = said(event);
            if (!said.isEmpty()) {
                log.log(Level.DEBUG, job + ": " + said);
            }
        }
        if (event instanceof FetchEvent.Done done) {
            done.result().probes().stream()
                    .filter(probe -> isOfBadToken(probe.verdict()))
                    .forEach(probe -> log.log(
                            Level.WARNING,
                            job + ": fetched from " + done.result().source() + ", but the token for " + probe.source()
                                    + " is of no use: " + probe.verdict().detail()));
        }
    }

    /** Whoever brought the files instead, the next job will try it again. */
    private static boolean isOfBadToken(Verdict verdict) {
        return verdict instanceof Verdict.NeedsAuth refusal && refusal.missing() == Verdict.Missing.VALID_TOKEN;
    }

    private static String said(FetchEvent event) {
        if (event instanceof FetchEvent.Probed probed) {
            return probed.probe().source() + " (" + probed.probe().endpoint() + ") after "
                    + probed.probe().millis() + " ms: "
                    + probed.probe().verdict().kind().word() + ", "
                    + probed.probe().verdict().detail();
        }
        if (event instanceof FetchEvent.Resolved resolved) {
            return resolved.manifest().source() + " at " + resolved.manifest().commit() + ", " + resolved.files()
                    + " files, " + resolved.bytes() + " bytes: " + resolved.reason();
        }
        if (event instanceof FetchEvent.SourceJoined joined) {
            return joined.source() + " sends from " + joined.host() + ", " + joined.route();
        }
        if (event instanceof FetchEvent.SourceLeft left) {
            return left.source() + " (" + left.host() + ") is left: " + left.reason();
        }
        if (event instanceof FetchEvent.Retrying retrying) {
            return retrying.path() + " again from " + retrying.source() + ": " + retrying.reason();
        }
        if (event instanceof FetchEvent.Waiting waiting) {
            return "waits, " + waiting.causes();
        }
        if (event instanceof FetchEvent.Verified verified && !verified.ok()) {
            return verified.path() + " does not match: " + verified.detail();
        }
        if (event instanceof FetchEvent.Done done) {
            return "done in " + done.result().elapsed().toMillis() + " ms, "
                    + done.result().bytesFetched() + " bytes fetched";
        }
        return event instanceof FetchEvent.Failed failed
                ? "failed (" + failed.error().kind() + "): " + failed.error().getMessage()
                : "";
    }
}
