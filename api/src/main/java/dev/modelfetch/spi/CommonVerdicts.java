package dev.modelfetch.spi;

import dev.modelfetch.FetchException;
import dev.modelfetch.Verdict;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
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
import javax.net.ssl.SSLHandshakeException;
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
    /** Alerts by which a server says that it speaks no TLS of ours; all other ends of a handshake may be an accident. */
    private static final Pattern REFUSED_HANDSHAKE =
            Pattern.compile("handshake_failure|protocol_version|insufficient_security|no appropriate protocol");

    private static final Pattern RATE_LIMIT =
            Pattern.compile("\"\\w+\"\\s*;\\s*r\\s*=\\s*(\\d+)\\s*;\\s*t\\s*=\\s*(\\d+)");

    private CommonVerdicts() {}

    /**
     * The network failed before or during an answer, or the answer had no end. Here and nowhere else is decided by its
     * cause whether that may pass.
     */
    public static Verdict ofFailure(IOException failure, HttpUrl url) {
        return ofFailure(failure, url.host());
    }

    /**
     * As {@link #ofFailure(IOException, HttpUrl)}, also for what is no address of the web.
     *
     * @param asked what to call it, for example a host or a folder
     */
    public static Verdict ofFailure(IOException failure, String asked) {
        if (failure instanceof AnswerTooLong) {
            return new Verdict.Blocked(String.valueOf(failure.getMessage()));
        }
        if (failure.getCause() instanceof FetchException.Usage unusable) {
            // The setting that would have led there.
            return new Verdict.Down(String.valueOf(unusable.getMessage()).replaceAll("[.]$", ""), false, false);
        }
        return new Verdict.Down(words(failure) + " (" + place(failure, asked) + ")", false, !isLasting(failure));
    }

    private static String place(IOException failure, String asked) {
        for (Throwable note : failure.getSuppressed()) {
            if (note instanceof ThroughProxy way) {
                return way.place(asked);
            }
        }
        return asked;
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
        if (status == 407) {
            return Optional.of(new Verdict.Down(
                    "the proxy to " + asked.host() + " asks for a user name and password", true, false));
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

    /**
     * What a refusal of bytes means at a hub that uses HTTP as it was meant: 401 and 403 are about permission, 404 and 410
     * about absence.
     *
     * @param response with a status other than 2xx
     */
    public static Verdict ofRefusal(Response response) {
        return ofStatus(response).orElseGet(() -> {
            String words = "HTTP " + response.code() + " from "
                    + response.request().url().host();
            return switch (response.code()) {
                case 401 -> new Verdict.NeedsAuth(words, Verdict.Missing.TOKEN);
                case 403 -> new Verdict.NeedsAuth(words, Verdict.Missing.PERMISSION);
                case 404, 410 -> new Verdict.NotHere(Verdict.What.FILE, words);
                default -> new Verdict.Blocked(words);
            };
        });
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

    /**
     * By type where the types tell. Words decide only between failures that Java and OkHttp throw as one type, and only
     * words that they choose themselves: a message may name a host, and a host may be called anything.
     */
    private static String words(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        if (failure instanceof UnknownHostException) {
            return isPrivateNetwork(failure) ? text : "name not found";
        }
        if (failure instanceof SSLPeerUnverifiedException) {
            return "the certificate is another host's";
        }
        if (hasCause(failure, CertificateExpiredException.class)
                || hasCause(failure, CertificateNotYetValidException.class)) {
            return "the certificate is not valid at this time; is the clock right?";
        }
        if (isDistrust(failure)) {
            return "certificate not trusted" + issuer(failure);
        }
        if (failure instanceof InterruptedIOException) {
            // One type for a deadline, a silent read and a silent connect, of which the last begins so.
            return text.regionMatches(true, 0, "connect", 0, 7) || text.startsWith("failed to connect")
                    ? "connect timed out"
                    : "no answer in time";
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            // OkHttp says whom it could not connect to; why is in the cause, and nowhere but in its words.
            return said(rootOf(failure)).contains("refused") ? "connection refused" : "cannot connect";
        }
        if (said(failure).startsWith("connection refused")) {
            // Java tells that of a SOCKS proxy by the words alone.
            return "connection refused";
        }
        if (isEarlyEnd(failure)) {
            return "connection closed early";
        }
        if (text.startsWith("Unexpected response code for CONNECT: ")) {
            return "HTTP " + text.substring(text.lastIndexOf(' ') + 1);
        }
        if (text.startsWith("Failed to authenticate with proxy")) {
            return "user name or password missing or refused";
        }
        // The system's words for one and the same SocketException, which TLS and HTTP/2 pass on in types of their own.
        if (said(failure).contains("reset") || said(failure).contains("broken pipe")) {
            return "connection reset";
        }
        if (failure instanceof SSLHandshakeException && hasCause(failure, EOFException.class)) {
            return "TLS handshake cut short";
        }
        if (failure instanceof SSLException) {
            return "TLS failed: " + text;
        }
        String type = failure.getClass().getSimpleName();
        if (failure.getMessage() == null) {
            return type;
        }
        // Whose words are the name of a file, and what has happened to it is its type.
        return failure instanceof FileSystemException file && file.getReason() == null ? type + ": " + text : text;
    }

    /** What asking again would not change: distrust, a handshake that both sides understood, a proxy's password. */
    private static boolean isLasting(IOException failure) {
        return isDistrust(failure)
                || isPrivateNetwork(failure)
                || said(failure).contains("failed to authenticate with proxy")
                || (failure instanceof SSLHandshakeException
                        && REFUSED_HANDSHAKE.matcher(said(failure)).find());
    }

    /** Our own refusal to look behind a public name is not a missing name. No host has a blank in its name. */
    private static boolean isPrivateNetwork(IOException failure) {
        return failure instanceof UnknownHostException && said(failure).contains("private network");
    }

    /** An alert from the other side, and some providers, give no cause; then the words of the handshake have to do. */
    private static boolean isDistrust(IOException failure) {
        if (!(failure instanceof SSLException)) {
            return false;
        }
        return failure instanceof SSLPeerUnverifiedException
                || hasCause(failure, CertificateException.class)
                || hasCause(failure, CertPathValidatorException.class)
                || hasCause(failure, CertPathBuilderException.class)
                || said(failure).contains("pkix")
                || said(failure).contains("certificate");
    }

    /** OkHttp throws a plain exception with the cause, or a {@link java.net.ProtocolException}; both begin so. */
    private static boolean isEarlyEnd(IOException failure) {
        return (hasCause(failure, EOFException.class) && !(failure instanceof SSLException))
                || said(failure).startsWith("unexpected end of stream");
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return true;
            }
        }
        return false;
    }

    private static String issuer(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof UntrustedIssuer unknown) {
                return ", " + unknown.getMessage();
            }
        }
        return "";
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String said(Throwable failure) {
        return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    }
}
