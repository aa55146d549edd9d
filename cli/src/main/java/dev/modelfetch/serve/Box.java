package dev.modelfetch.serve;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.modelfetch.Address;
import dev.modelfetch.Caller;
import dev.modelfetch.Depot;
import dev.modelfetch.Digest;
import dev.modelfetch.FetchException;
import dev.modelfetch.Pinned;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Answers as the Hub does, from a depot. Thread-safe. */
public final class Box {

    private static final Logger LOG = System.getLogger(Box.class.getName());
    private static final int FIRST_PAGE = 0;
    private static final Duration SOON = Duration.ofSeconds(2);

    /**
     * What it does beyond a hub, for our own program: {@code tree} with {@code sha256=true} names the digest of every file
     * it knows one of, and {@code /blobs/sha256/…} takes {@code or}, the address of a file of that digest which need not be
     * stored.
     */
    static final List<String> EXTRAS = List.of("sha256", "blobs");

    private final Depot depot;
    private final BoxOptions options;
    private final Figures figures;
    private final FileAnswers files;
    private final Papers papers;
    private final Policy policy;
    private final Policy.Facts facts;
    private final Operations operations;
    private final Visitors visitors;
    private final Audit audit;

    /** A rule of the operator forbids it. */
    private static final class Refused extends RuntimeException {
        Refused(String why) {
            super(why);
        }
    }

    /** Counts what a depot does; to be handed to it before it is opened. */
    public static final class Meter {

        private final Figures figures = new Figures();

        public dev.modelfetch.FetchListener listener() {
            return figures;
        }
    }

    /** @param closing set once it is about to end */
    public Box(Depot depot, BoxOptions options, Meter meter, AtomicBoolean closing, InstantSource clock) {
        this.depot = depot;
        this.options = options;
        this.figures = meter.figures;
        this.files = new FileAnswers(depot, new Taints(options.state(), clock), figures);
        this.papers = new Papers(depot, options);
        this.policy = options.policy();
        this.facts = new KnownFacts(depot);
        this.visitors = new Visitors(options.accounts());
        this.audit = new Audit(options.audit(), clock);
        this.operations = new Operations(depot, options, figures, closing, clock.instant());
    }

    /** Never throws; a reply with a file is to be {@linkplain Reply#ended ended}. */
    public Reply answer(Ask ask) {
        long since = System.nanoTime();
        Reply reply = figures.timed(answered(ask), since);
        figures.add("requests_total", "status=\"" + reply.status() + "\"", 1);
        Reply sent = ask.isHead() ? reply.headOnly() : reply;
        return options.cors() ? sent.with(Cors.HEADERS) : sent;
    }

    /** What is answered in the place of a file of which nothing has been sent yet. */
    public static Reply failed(FetchException why) {
        return Problems.of(why, Caller.ANONYMOUS);
    }

    private Reply answered(Ask ask) {
        Visitor visitor = Visitor.ANYBODY;
        try {
            if (!options.isFor(ask.header("Host").orElse(""))) {
                return Reply.error(403, "", "This service does not answer to that name.");
            }
            if (options.cors() && ask.method().equals("OPTIONS")) {
                return Cors.preflight();
            }
            String path = ask.path();
            if (!path.startsWith(options.prefix() + "/")) {
                return Problems.noRoute();
            }
            Optional<List<String>> parts =
                    Route.parts(path.substring(options.prefix().length()));
            visitor = visitors.of(
                    ask, parts.filter(each -> isForAnybody(ask, each)).isPresent());
            return parts.isEmpty() ? Problems.noRoute() : route(ask, parts.get(), visitor);
        } catch (Visitors.Unknown e) {
            return e.reply();
        } catch (Refused e) {
            return Reply.error(403, "", String.valueOf(e.getMessage()));
        } catch (FetchException e) {
            if (!(e instanceof FetchException.NotFound)) {
                LOG.log(Level.DEBUG, ask.method() + " " + ask.path() + ": " + e.getMessage());
            }
            return Problems.of(e, visitor.caller());
        } catch (Ask.Refused e) {
            return e.status() == 429
                    ? Reply.busy(String.valueOf(e.getMessage()), SOON)
                    : Reply.error(e.status(), "", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return Reply.error(400, "", "The request could not be read.");
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "no answer to " + ask.method() + " " + ask.path(), e);
            return Reply.error(500, "", "The service has failed.");
        }
    }

    /** What says nothing of repositories, and what is asked on this machine. */
    private boolean isForAnybody(Ask ask, List<String> parts) {
        return parts.size() > 1
                && parts.get(0).equals("-")
                && (operations.isOfOperator(ask) || Operations.HARMLESS.contains(parts.get(1)));
    }

    private Reply route(Ask ask, List<String> parts, Visitor visitor) throws IOException {
        if (!parts.isEmpty() && parts.get(0).equals("-")) {
            Optional<Reply> own = operations.answer(ask, parts.subList(1, parts.size()), visitor, pins(visitor));
            return own.orElseGet(Problems::noRoute);
        }
        if (ask.isRead() && parts.equals(List.of("api", "whoami-v2"))) {
            return whoami(visitor);
        }
        if (ask.isRead() && parts.size() == 3 && parts.subList(0, 2).equals(List.of("blobs", "sha256"))) {
            return Digest.isSha256(parts.get(2)) ? blob(ask, Digest.sha256(parts.get(2)), visitor) : Problems.noRoute();
        }
        Optional<RepoType> searched = ask.isRead() ? Route.search(parts) : Optional.empty();
        if (searched.isPresent()) {
            return papers.search(ask, searched.get(), visitor.caller());
        }
        Route route = Route.of(parts).orElse(null);
        return route == null ? Problems.noRoute() : route(ask, route, visitor);
    }

    private Reply blob(Ask ask, Digest sha256, Visitor visitor) throws IOException {
        Optional<Reply> pause = pause(ask, visitor);
        if (pause.isPresent()) {
            return pause.get();
        }
        Optional<Reply> stored = visitor.mayReadAll() ? files.blob(ask, sha256) : Optional.empty();
        if (stored.isPresent()) {
            return counted(visitor, stored.get());
        }
        Optional<Route> place =
                Route.parts(ask.first("or")).flatMap(Route::of).filter(route -> route.call() == Route.Call.RESOLVE);
        if (place.isPresent()) {
            Pinned pinned = pinned(place.get(), visitor);
            Optional<RepoFile> row =
                    pinned.manifest().file(place.get().path()).filter(known -> mayHave(known, sha256, pinned));
            if (row.isPresent()) {
                return file(ask, place.get(), pinned, visitor);
            }
        }
        return Reply.error(404, "EntryNotFound", "Nothing with that digest is stored for everybody.");
    }

    private boolean mayHave(RepoFile row, Digest sha256, Pinned pinned) {
        return sha256.equals(row.sha256())
                || depot.proof(pinned, row)
                        .filter(known -> known.sha256().equals(sha256))
                        .isPresent();
    }

    /** How a prefetch is pinned: in the name of an account, or of nobody. */
    private Operations.Pins pins(Visitor visitor) {
        return address -> {
            Address what = Address.parse(address);
            Caller caller = visitor.account().map(Accounts.Account::caller).orElse(Caller.ANONYMOUS);
            return pinned(what.repo(), what.revision(), new Visitor(caller, visitor.account()));
        };
    }

    private Reply whoami(Visitor visitor) {
        Caller caller = visitor.caller();
        if (caller.token().isEmpty() && visitor.account().isEmpty()) {
            return Reply.error(401, "", "Invalid username or password.");
        }
        Optional<String> name;
        try {
            name = visitor.account().isPresent()
                    ? visitor.account().map(Accounts.Account::name)
                    : depot.account(caller);
        } catch (FetchException.AccessDenied e) {
            return Reply.error(401, "", "Invalid credentials in Authorization header");
        }
        JsonObject token = new JsonObject();
        token.addProperty("displayName", "modelfetch");
        token.addProperty("role", "read");
        JsonObject auth = new JsonObject();
        auth.addProperty("type", "access_token");
        auth.add("accessToken", token);
        JsonObject json = new JsonObject();
        json.addProperty("type", "user");
        json.addProperty("name", name.orElse("modelfetch"));
        json.add("orgs", new JsonArray());
        json.add("auth", auth);
        return Reply.json(200, json);
    }

    private Reply route(Ask ask, Route route, Visitor visitor) throws IOException {
        boolean posted = ask.method().equals("POST");
        return switch (route.call()) {
            case PATHS_INFO -> posted ? pathsInfo(ask, pinned(route, visitor)) : Problems.noRoute();
            case LFS_BATCH -> posted ? lfs(ask, route, visitor) : Problems.noRoute();
            default -> ask.isRead() ? read(ask, route, visitor) : Reply.error(403, "", "This service is read only.");
        };
    }

    private Reply read(Ask ask, Route route, Visitor visitor) throws IOException {
        Pinned pinned = pinned(route, visitor);
        return switch (route.call()) {
            case INFO, REVISION -> listing(pinned, papers.info(ask, pinned));
            case TREE -> tree(ask, route, pinned, new Documents(depot, pinned));
            case REFS -> listing(pinned, papers.refs(ask, pinned));
            case COMMITS ->
                papers.history(ask, pinned).map(reply -> listing(pinned, reply)).orElseGet(Problems::noRoute);
            case AUTH_CHECK -> Reply.json(200, new JsonObject());
            case RESOLVE, RAW -> file(ask, route, pinned, visitor);
            case PATHS_INFO, LFS_BATCH -> Problems.noRoute();
        };
    }

    private Pinned pinned(Route route, Visitor visitor) {
        return pinned(route.repo(), route.revision().isEmpty() ? null : route.revision(), visitor);
    }

    private Pinned pinned(Repo repo, @Nullable String revision, Visitor visitor) {
        if (!visitor.mayRead(repo)) {
            refuse("This account may not read " + repo + ".");
        }
        Pinned pinned = depot.pin(repo, revision, visitor.caller());
        policy.refusal(pinned, null, facts).ifPresent(this::refuse);
        return pinned;
    }

    private void refuse(String why) {
        figures.add("refused_by_policy_total", "", 1);
        throw new Refused(why);
    }

    /** Whoever has read enough for today comes back tomorrow. */
    private Optional<Reply> pause(Ask ask, Visitor visitor) {
        return ask.isHead()
                ? Optional.empty()
                : visitor.account()
                        .flatMap(Accounts.Account::pause)
                        .map(pause -> Reply.busy("This account has read as much as it may today.", pause));
    }

    private static Reply counted(Visitor visitor, Reply reply) {
        return reply.also((sent, failure) -> visitor.account().ifPresent(account -> account.used(sent)));
    }

    private Reply file(Ask ask, Route route, Pinned pinned, Visitor visitor) throws IOException {
        RepoFile row = pinned.manifest().file(route.path()).orElse(null);
        if (row == null) {
            return noEntry(pinned);
        }
        Optional<String> refusal = policy.refusal(pinned, row, facts);
        if (refusal.isPresent()) {
            figures.add("refused_by_policy_total", "", 1);
            audit.note(ask, visitor, pinned, row, 0, "refused");
            return Reply.error(403, "", refusal.get());
        }
        Optional<Reply> pause = pause(ask, visitor);
        if (pause.isPresent()) {
            return pause.get();
        }
        Reply reply = route.call() == Route.Call.RAW ? files.raw(ask, pinned, row) : files.resolve(ask, pinned, row);
        Reply audited = reply.also(
                (sent, failure) -> audit.note(ask, visitor, pinned, row, sent, failure == null ? "sent" : "aborted"));
        return aged(pinned, counted(visitor, audited));
    }

    private static Reply noEntry(Pinned pinned) {
        return Reply.error(404, "EntryNotFound", "Entry not found").with("X-Repo-Commit", pinned.commit());
    }

    private static Reply listing(Pinned pinned, Reply reply) {
        return aged(
                pinned,
                reply.with("X-Repo-Commit", pinned.commit()).with("X-Modelfetch-Extras", String.join(", ", EXTRAS)));
    }

    /** How old it is, where that is more than it should be. */
    private static Reply aged(Pinned pinned, Reply reply) {
        if (!pinned.stale()) {
            return reply;
        }
        long age = Math.max(0, Duration.between(pinned.known(), Instant.now()).toSeconds());
        return reply.with("Age", String.valueOf(Math.min(age, Integer.MAX_VALUE)))
                .with("Warning", "110 - \"Response is Stale\"");
    }

    private Reply tree(Ask ask, Route route, Pinned pinned, Documents documents) {
        String folder = Form.bare(route.path());
        if (!documents.hasFolder(folder)) {
            return noEntry(pinned);
        }
        List<JsonObject> rows = documents.tree(folder, ask.is("recursive"), ask.is("expand"), ask.is("sha256"));
        int from = (int) Math.min(rows.size(), ask.number("cursor", FIRST_PAGE));
        int to = (int) Math.min(rows.size(), from + ask.number("limit", rows.size()));
        JsonArray page = new JsonArray();
        rows.subList(from, to).forEach(page::add);
        Reply reply = listing(pinned, Reply.json(200, page));
        return to < rows.size() ? reply.with("Link", "<" + next(ask, to) + ">; rel=\"next\"") : reply;
    }

    /** Built on the address that clients know, never on what a request says of it. */
    private String next(Ask ask, int cursor) {
        StringBuilder link = new StringBuilder(options.publicUrl());
        link.append(ask.path().substring(options.prefix().length()));
        String mark = "?";
        for (Map.Entry<String, List<String>> each : ask.query().entrySet()) {
            if (!each.getKey().equals("cursor")) {
                link.append(mark).append(Form.encoded(each.getKey())).append('=');
                link.append(Form.encoded(each.getValue().get(0)));
                mark = "&";
            }
        }
        return link.append(mark).append("cursor=").append(cursor).toString();
    }

    private Reply pathsInfo(Ask ask, Pinned pinned) throws IOException {
        String body = new String(ask.body().read(), StandardCharsets.UTF_8);
        List<String> paths = new ArrayList<>();
        boolean expand;
        if (body.stripLeading().startsWith("{")) {
            JsonObject json = object(body);
            strings(json.get("paths"), paths);
            expand = Form.text(json, "expand").equals("true");
        } else {
            Map<String, List<String>> form = Form.parse(body);
            paths.addAll(form.getOrDefault("paths", List.of()));
            expand = form.getOrDefault("expand", List.of("")).get(0).equalsIgnoreCase("true");
        }
        return listing(pinned, Reply.json(200, new Documents(depot, pinned).paths(paths, expand)));
    }

    private static void strings(@Nullable JsonElement element, List<String> into) {
        if (element != null && element.isJsonArray()) {
            element.getAsJsonArray().forEach(each -> strings(each, into));
        } else if (element != null && element.isJsonPrimitive()) {
            into.add(element.getAsString());
        }
    }

    private static JsonObject object(String body) {
        try {
            JsonElement json = JsonParser.parseString(body);
            if (json.isJsonObject()) {
                return json.getAsJsonObject();
            }
        } catch (JsonParseException | IllegalStateException e) {
            // Said below.
        }
        throw new FetchException.Usage("The body is not a JSON object.", "Send one.");
    }

    private Reply lfs(Ask ask, Route route, Visitor visitor) throws IOException {
        JsonObject batch = object(new String(ask.body().read(), StandardCharsets.UTF_8));
        return LfsBatch.isDownload(batch)
                ? new LfsBatch(options, ask, pinned(route, visitor)).answer(batch)
                : Reply.error(403, "", "This service is read only.");
    }
}
