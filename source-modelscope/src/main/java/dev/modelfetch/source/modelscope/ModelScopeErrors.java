package dev.modelfetch.source.modelscope;

import dev.modelfetch.Verdict;
import dev.modelfetch.Verdict.Missing;
import dev.modelfetch.Verdict.What;
import dev.modelfetch.source.modelscope.ModelScopeJson.Envelope;
import dev.modelfetch.spi.CommonVerdicts;
import dev.modelfetch.spi.Hiccup;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What the hub means by a status, a code and a message (modelscope.md 3). Status 200 is not success and 404 has four
 * meanings, so the code in the body decides; messages are Chinese and shown as they are.
 *
 * @param hasToken whether the caller showed a token, which changes what a refusal means
 */
record ModelScopeErrors(boolean hasToken) {

    private static final long REPOSITORY_UNKNOWN = 10010205001L;
    private static final long REPOSITORY_CLOSED = 10010200001L;
    private static final long NO_TREE = 10990101004L;
    private static final long NO_FILE = 10990101007L;
    private static final long BAD_TOKEN = 10010103009L;

    private static final Duration UNSTATED_WAIT = Duration.ofSeconds(30);
    private static final int LONGEST_MESSAGE = 160;

    // Phrases seen with more than one code; the hub's own clients know them without a code.
    private static final Set<String> SAYS_MISSING = Set.of("record not found", "not exist", "模型不存在", "数据集不存在");
    private static final Set<String> SAYS_LOGIN = Set.of("not logged in", "用户未登录");

    /**
     * Judges an answer.
     *
     * @param envelope of the body; null when the body is not the hub's JSON
     * @param asked what was asked for, as people call it
     * @param missing what a 404 means when no code says so
     * @return empty if the answer is a success
     */
    Optional<Verdict> judge(Response response, @Nullable Envelope envelope, String asked, What missing) {
        String host = response.request().url().host();
        if (Hiccup.isOne(response)
                && (envelope == null || ofCode(envelope, asked, host).isEmpty())) {
            return Optional.of(new Verdict.Down(
                    "HTTP " + response.code() + " from " + host + (envelope == null ? "" : said(envelope)), true));
        }
        Optional<Verdict> common = CommonVerdicts.ofStatus(labelled(response, envelope));
        if (common.isPresent()) {
            return common;
        }
        if (envelope == null) {
            return ofStatus(response.code(), asked, host, "", missing)
                    .or(() -> Optional.of(new Verdict.Blocked(
                            "an answer that is not ModelScope's (HTTP " + response.code() + ", " + host + ")")));
        }
        if (response.isSuccessful() && envelope.succeeded()) {
            return Optional.empty();
        }
        return ofCode(envelope, asked, host)
                .or(() -> ofStatus(effectiveStatus(response, envelope), asked, host, said(envelope), missing))
                .or(() -> Optional.of(unknown(response, envelope, host)));
    }

    /** A body that is the hub's is no page, whatever it is labelled. */
    private static Response labelled(Response response, @Nullable Envelope envelope) {
        return envelope == null
                ? response
                : response.newBuilder().removeHeader("Content-Type").build();
    }

    private Optional<Verdict> ofCode(Envelope envelope, String asked, String host) {
        long code = envelope.code() == null ? 0 : envelope.code();
        String said = said(envelope);
        if (code == REPOSITORY_UNKNOWN) {
            // The same code is sent when the hub's database is overloaded (modelscope.md 3.2).
            return Optional.of(
                    says(envelope, SAYS_MISSING)
                            ? new Verdict.NotHere(What.REPOSITORY, "no " + asked + " at " + host)
                            : new Verdict.Down("overloaded" + said + " (" + host + ")", true));
        }
        if (code == REPOSITORY_CLOSED) {
            return Optional.of(
                    new Verdict.NeedsAuth(closed(asked, host), hasToken ? Missing.PERMISSION : Missing.TOKEN));
        }
        if (code == NO_TREE) {
            return Optional.of(new Verdict.NotHere(What.REVISION, "no such revision of " + asked + " at " + host));
        }
        if (code == NO_FILE) {
            return Optional.of(new Verdict.NotHere(
                    What.FILE, "no " + asked + " at this revision, or no such revision, at " + host));
        }
        if (code == BAD_TOKEN || says(envelope, SAYS_LOGIN)) {
            return Optional.of(
                    new Verdict.NeedsAuth(refused(host) + said, hasToken ? Missing.VALID_TOKEN : Missing.TOKEN));
        }
        return says(envelope, SAYS_MISSING)
                ? Optional.of(new Verdict.NotHere(What.REPOSITORY, "no " + asked + " at " + host + said))
                : Optional.empty();
    }

    private Optional<Verdict> ofStatus(int status, String asked, String host, String said, What missing) {
        return Optional.ofNullable(
                switch (status) {
                    case 401, 403 ->
                        new Verdict.NeedsAuth(refused(host) + said, hasToken ? Missing.VALID_TOKEN : Missing.TOKEN);
                    case 404, 410 -> new Verdict.NotHere(missing, notFound(missing, asked, host) + said);
                    case 429 -> new Verdict.Limited(UNSTATED_WAIT, "too many requests at " + host + said);
                    default -> null;
                });
    }

    /** Some failures travel inside a 200 with an HTTP status for a code. */
    private static int effectiveStatus(Response response, Envelope envelope) {
        Long code = envelope.code();
        return response.isSuccessful() && code != null && code >= 400 && code < 600 ? code.intValue() : response.code();
    }

    /** A failure inside a success is the hub's own trouble; any other refusal is final. */
    private static Verdict unknown(Response response, Envelope envelope, String host) {
        return response.isSuccessful()
                ? new Verdict.Down("the hub reports a failure" + said(envelope) + " (" + host + ")", true)
                : new Verdict.Blocked("HTTP " + response.code() + " from " + host + said(envelope));
    }

    private String notFound(What missing, String asked, String host) {
        return switch (missing) {
            case REPOSITORY ->
                hasToken
                        ? "no " + asked + " at " + host + ", or not for this token"
                        : "no " + asked + " at " + host + ", unless it is private: that would need a token";
            case REVISION -> "no such revision of " + asked + " at " + host;
            case FILE -> "no " + asked + " at " + host;
        };
    }

    private String closed(String asked, String host) {
        return hasToken
                ? "no access to " + asked + " at " + host + " with this token; ask for it on the repository's page"
                : "no access to " + asked + " at " + host + " without a token: it is private or gated";
    }

    private String refused(String host) {
        return hasToken ? host + " refuses the token" : host + " asks for a token";
    }

    private static boolean says(Envelope envelope, Set<String> phrases) {
        String message = envelope.message() == null ? "" : envelope.message().toLowerCase(Locale.ROOT);
        return phrases.stream().anyMatch(message::contains);
    }

    /** Code and message for people, in brackets. */
    private static String said(Envelope envelope) {
        String message = envelope.message() == null ? "" : shown(envelope.message());
        String code = envelope.code() == null ? "" : envelope.code().toString();
        String text = code.isEmpty() || message.isEmpty() ? code + message : code + " " + message;
        return text.isEmpty() ? "" : " [" + text + "]";
    }

    /** A hub's words as they may be shown: one line, and not longer than a line. */
    static String shown(String words) {
        String line = words.replaceAll("[\\p{Cc}\\p{Cf}]+", " ").strip();
        return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "…" : line;
    }
}
