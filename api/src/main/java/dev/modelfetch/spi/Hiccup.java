package dev.modelfetch.spi;

import okhttp3.Response;

/**
 * Attached to a question as a tag of this class: which refusals of it are no last word at that point, such as a 403 for the
 * second page of a listing whose first was given. {@link SourceContext#calls()} repeats the question then, a few times.
 */
@FunctionalInterface
public interface Hiccup {

    /**
     * For files: a page in the way, of whoever counts requests or takes us for somebody else. A filter that dislikes a name
     * says so in plain text, and would say it again.
     */
    Hiccup OF_FILE = response -> response.code() == 403 && CommonVerdicts.isWebPage(response);

    /** @param response of which status and headers may be looked at */
    boolean covers(Response response);

    /** Whether that answer is one, by what its question says. */
    static boolean isOne(Response response) {
        Hiccup hiccup = response.request().tag(Hiccup.class);
        return hiccup != null && hiccup.covers(response);
    }
}
