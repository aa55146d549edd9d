package dev.modelfetch.source.huggingface;

import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.Blocked;
import dev.modelfetch.Verdict.Missing;
import dev.modelfetch.Verdict.NeedsAuth;
import dev.modelfetch.Verdict.NotHere;
import dev.modelfetch.Verdict.What;
import okhttp3.HttpUrl;

/** What the Hub means by its refusals: a code says more than a status. */
public final class HubErrors {

    private static final String BAD_TOKEN = "Invalid credentials in Authorization header";

    private final HttpUrl pages;

    /** @param pages where people open the page of a repository, the only place where they can ask for access */
    public HubErrors(HttpUrl pages) {
        this.pages = pages;
    }

    /** What it means when the Hub itself says so. */
    public Verdict verdict(Refusal refusal) {
        return switch (refusal.code()) {
            case "RevisionNotFound" -> new NotHere(What.REVISION, "no such revision" + quoted(refusal));
            case "EntryNotFound" -> new NotHere(What.FILE, "no such file");
            case "GatedRepo" -> gated(refusal);
            case "RepoNotFound" -> new NotHere(What.REPOSITORY, "no such repository, or hidden from this caller");
            default -> byStatus(refusal);
        };
    }

    private static Verdict byStatus(Refusal refusal) {
        if (refusal.disabled()) {
            return new NotHere(What.REPOSITORY, "the hub has disabled this repository");
        }
        return switch (refusal.status()) {
            case 401 -> unauthorized(refusal);
            case 403 -> forbidden(refusal);
            case 404, 410 -> new NotHere(refusal.asked(), "not found: " + refusal.words());
            default -> new Blocked(refusal.words());
        };
    }

    /** Without a token the Hub does not tell a private repository from a missing one (huggingface.md 2.2). */
    private static Verdict unauthorized(Refusal refusal) {
        if (refusal.says(BAD_TOKEN)) {
            return new NeedsAuth("the token is not valid at " + refusal.host(), Missing.VALID_TOKEN);
        }
        if (!refusal.code().isEmpty()) {
            return new NeedsAuth(refusal.words(), tokenOrBetter(refusal));
        }
        return new NotHere(
                What.REPOSITORY,
                refusal.hasToken()
                        ? "repository not found, or private and not open to this token"
                        : "repository not found, or private and no token was given");
    }

    private static Verdict forbidden(Refusal refusal) {
        // A filter on the way also says 403, but not in the Hub's form.
        boolean theHubSpeaks = !(refusal.code() + refusal.message() + refusal.requestId()).isEmpty();
        return theHubSpeaks ? new NeedsAuth("access refused: " + refusal.words()) : new Blocked(refusal.words());
    }

    private Verdict gated(Refusal refusal) {
        HttpUrl page = pages.newBuilder().addPathSegments(refusal.repo()).build();
        if (refusal.status() == 403 && refusal.hasToken()) {
            // Its own words tell whether it was never asked for, is awaited, or was refused.
            return new NeedsAuth("gated, and this account has no access yet; ask for it at " + page + quoted(refusal));
        }
        return new NeedsAuth(
                refusal.hasToken()
                        ? "gated, and the token was not accepted; ask for access at " + page
                        : "gated; ask for access at " + page + ", then log in",
                tokenOrBetter(refusal));
    }

    private static Missing tokenOrBetter(Refusal refusal) {
        return refusal.hasToken() ? Missing.VALID_TOKEN : Missing.TOKEN;
    }

    private static String quoted(Refusal refusal) {
        return refusal.message().isEmpty() ? "" : " (" + refusal.message() + ")";
    }
}
