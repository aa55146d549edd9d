package dev.modelfetch.testing.hub;

/** The Hub's refusals (huggingface.md 2.2). JSON on the API, plain text for files. */
final class HubErrors {

    private final HubRoute route;

    HubErrors(HubRoute route) {
        this.route = route;
    }

    /** Missing or private, for somebody without a token: the Hub does not say which. */
    Reply unknownToStrangers() {
        return error(401, "", "Invalid username or password.")
                .with("WWW-Authenticate", "Bearer realm=\"Authentication required\", charset=\"UTF-8\"");
    }

    Reply badToken() {
        return error(401, "", "Invalid credentials in Authorization header");
    }

    Reply noRepository() {
        return error(404, "RepoNotFound", "Repository not found");
    }

    Reply noRevision() {
        return error(404, "RevisionNotFound", "Invalid rev id: " + route.revision());
    }

    Reply noEntry(String commit) {
        return error(404, "EntryNotFound", "Entry not found").with("X-Repo-Commit", commit);
    }

    Reply gated(boolean loggedIn) {
        String access = "Access to " + route.type().word() + " " + route.id() + " is restricted";
        return loggedIn
                ? error(
                        403,
                        "GatedRepo",
                        access + " and you are not in the authorized list. Visit the page of " + route.id()
                                + " to ask for access.")
                : error(
                        401,
                        "GatedRepo",
                        access + ". You must have access to it and be authenticated to access it. Please log in.");
    }

    private Reply error(int status, String code, String message) {
        Reply reply = route.isApi() ? Reply.json(status, Json.object("error", message)) : Reply.text(status, message);
        Reply explained = reply.with("X-Error-Message", message);
        return code.isEmpty() ? explained : explained.with("X-Error-Code", code);
    }
}
