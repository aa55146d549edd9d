package dev.modelfetch.spi;

import dev.modelfetch.Verdict;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Verdicts that mean the same at every hub. */
public final class CommonVerdicts {

    /** Hubs count requests in windows of five minutes (huggingface.md 2.5, mirrors.md 1.6). */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private static final Duration UNSTATED_WAIT = Duration.ofSeconds(30);
    private static final Pattern RATE_LIMIT =
            Pattern.compile("\"\\w+\"\\s*;\\s*r\\s*=\\s*(\\d+)\\s*;\\s*t\\s*=\\s*(\\d+)");

    private CommonVerdicts() {}

    /** The network failed before or during an answer. */
    public static Verdict.Down ofFailure(IOException failure, HttpUrl url) {
        return new Verdict.Down(words(failure) + " (" + url.host() + ")", false);
    }

    /**
     * What a status means regardless of the hub.
     *
     * @return a verdict for 3xx, 408, 429, 5xx and web pages; empty where the hub's own table has to decide
     */
    public static Optional<Verdict> ofStatus(Response response) {
        int status = response.code();
        HttpUrl asked = response.request().url();
        if (status == 429) {
            Duration wait = waitOf(response.headers()).orElse(UNSTATED_WAIT);
            return Optional.of(new Verdict.Limited(
                    wait, "too many requests at " + asked.host() + ", free again in " + wait.toSeconds() + " s"));
        }
        if (status == 408 || status >= 500) {
            return Optional.of(new Verdict.Down("HTTP " + status + " from " + asked.host(), true));
        }
        if (response.isRedirect()) {
            String target = response.header("Location", "");
            HttpUrl url = asked.resolve(target == null ? "" : target);
            return Optional.of(
                    url == null || origin(url).equals(origin(asked))
                            ? new Verdict.Blocked("HTTP " + status + " with an unusable redirect from " + asked.host())
                            : new Verdict.Alias(origin(url)));
        }
        return isWebPage(response)
                ? Optional.of(
                        new Verdict.Blocked("a web page instead of data (HTTP " + status + ", " + asked.host() + ")"))
                : Optional.empty();
    }

    /** Whether the answer declares itself HTML, the usual face of a login page, a filter or a captive portal. */
    public static boolean isWebPage(Response response) {
        String type = response.header("Content-Type", "");
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/html");
    }

    /**
     * How long the server asks to stay away: {@code Retry-After} as seconds or date, else the window end in {@code
     * RateLimit} if that window is used up. Capped at five minutes.
     */
    public static Optional<Duration> waitOf(Headers headers) {
        Optional<Duration> wait = retryAfter(headers.get("Retry-After")).or(() -> windowEnd(headers.get("RateLimit")));
        return wait.map(value -> value.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : value);
    }

    private static String origin(HttpUrl url) {
        boolean usualPort = url.port() == HttpUrl.defaultPort(url.scheme());
        return url.scheme() + "://" + url.host() + (usualPort ? "" : ":" + url.port());
    }

    private static Optional<Duration> retryAfter(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return Optional.empty();
        }
        try {
            double seconds = Double.parseDouble(value.trim());
            return seconds >= 0 && seconds < 1e9
                    ? Optional.of(Duration.ofMillis((long) (seconds * 1000)))
                    : Optional.empty();
        } catch (NumberFormatException notSeconds) {
            try {
                Instant until = ZonedDateTime.parse(value.trim(), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration wait = Duration.between(Instant.now(), until);
                return wait.isNegative() ? Optional.of(Duration.ZERO) : Optional.of(wait);
            } catch (DateTimeParseException notADate) {
                return Optional.empty();
            }
        }
    }

    private static Optional<Duration> windowEnd(@Nullable String value) {
        if (value == null) {
            return Optional.empty();
        }
        Matcher matcher = RATE_LIMIT.matcher(value);
        // One second more than stated: the window is counted in whole seconds.
        return matcher.find()
                        && matcher.group(1).equals("0")
                        && matcher.group(2).length() < 7
                ? Optional.of(Duration.ofSeconds(Long.parseLong(matcher.group(2)) + 1))
                : Optional.empty();
    }

    private static String words(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        String lower = text.toLowerCase(Locale.ROOT);
        if (failure instanceof UnknownHostException) {
            // Our own refusal to look behind a public name is not a missing name.
            return lower.contains("private network") ? text : "name not found";
        }
        if (failure instanceof SSLPeerUnverifiedException || lower.contains("pkix") || lower.contains("certificate")) {
            return "certificate not trusted";
        }
        if (failure instanceof SocketTimeoutException || failure instanceof InterruptedIOException) {
            return lower.contains("connect") ? "connect timed out" : "no answer in time";
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            // OkHttp says whom it could not connect to; why is in the cause.
            String why = (lower + " " + failure.getCause()).toLowerCase(Locale.ROOT);
            return why.contains("refused") ? "connection refused" : "cannot connect";
        }
        if (lower.contains("reset") || lower.contains("broken pipe")) {
            return "connection reset";
        }
        if (lower.contains("unexpected end of stream") || lower.contains("end of input") || lower.contains("eof")) {
            return "connection closed early";
        }
        return failure instanceof SSLException ? "TLS failed: " + text : text;
    }
}
