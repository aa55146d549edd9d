package dev.modelfetch.testing.hub;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** The Hugging Face protocol, as far as a downloader meets it. Thread-safe. */
public final class HubFace implements Face {

    private static final int LARGEST_PAGE = 1000;
    private static final int CALLS_PER_WINDOW = 500;
    private static final int FILES_PER_WINDOW = 3000;

    private final Catalogue catalogue;
    private final String endpoint;
    private final HubFiles files;
    private final AtomicInteger served = new AtomicInteger();
    private volatile int pageSize = LARGEST_PAGE;

    HubFace(Catalogue catalogue, String endpoint, DataHost data) {
        this.catalogue = catalogue;
        this.endpoint = endpoint;
        this.files = new HubFiles(endpoint, data);
    }

    /** How many rows a page of a listing has at most; few, to see paging with few files. */
    public HubFace pageSize(int rows) {
        pageSize = rows;
        return this;
    }

    /** Sends every file at once from this host, without a redirection. */
    public HubFace direct() {
        files.patterns(HubFiles.Pattern.DIRECT, HubFiles.Pattern.DIRECT);
        return this;
    }

    /** Redirects large files to the older storage, without Xet headers. */
    public HubFace legacy() {
        files.patterns(HubFiles.Pattern.CACHE, HubFiles.Pattern.LEGACY);
        return this;
    }

    @Override
    public Reply answer(Request request) {
        if (request.target().from(0).equals("api/whoami-v2")) {
            return stamped(request, whoami(request));
        }
        Optional<Reply> found = search(request);
        if (found.isPresent()) {
            return stamped(request, found.get());
        }
        Reply reply = HubRoute.of(request.target())
                .map(route -> route(request, route))
                .orElseGet(() -> Reply.page(404, "Sorry, we can't find the page you are looking for."));
        return stamped(request, reply);
    }

    /** Open repositories whose names have that text in them. */
    private Optional<Reply> search(Request request) {
        Target target = request.target();
        boolean asked =
                target.segments().size() == 2 && target.segments().get(0).equals("api");
        return asked
                ? HubRoute.type(target.segments().get(1))
                        .map(type -> Reply.json(
                                200,
                                catalogue
                                        .containing(type, target.query("search").orElse(""))
                                        .stream()
                                        .filter(found -> target.query("author")
                                                .map(author -> found.id().startsWith(author + "/"))
                                                .orElse(true))
                                        .map(found -> HubRows.info(found, found.head(), false))
                                        .toList()))
                : Optional.empty();
    }

    private Reply route(Request request, HubRoute route) {
        HubErrors errors = new HubErrors(route);
        Optional<Repository> found = catalogue.find(route.type(), route.id());
        if (found.isEmpty()) {
            Optional<String> moved = catalogue.movedTo(route.type(), route.id());
            if (moved.isPresent()) {
                return moved(request, route, moved.get());
            }
        }
        Optional<Reply> refusal = refusal(request, route, found, errors);
        if (refusal.isPresent() || found.isEmpty()) {
            return refusal.orElseGet(errors::noRepository);
        }
        String revision = route.revision().isEmpty() || route.revision().equals("HEAD") ? "main" : route.revision();
        return catalogue
                .commit(found.get(), revision, "main")
                .map(commit -> answer(request, route, found.get(), commit, errors))
                .orElseGet(errors::noRevision);
    }

    private Reply answer(Request request, HubRoute route, Repository repository, Commit commit, HubErrors errors) {
        return switch (route.call()) {
            case INFO, REVISION ->
                Reply.json(
                        200,
                        HubRows.info(
                                repository,
                                commit,
                                request.target().query("blobs").isPresent()));
            case TREE -> tree(request, route, commit, errors);
            case PATHS_INFO -> pathsInfo(request, commit);
            case REFS -> Reply.json(200, HubRows.refs(repository));
            case COMMITS ->
                Reply.json(200, HubRows.history(commit))
                        .with("X-Total-Count", "2")
                        .with("Link", "<" + endpoint + "/next?p=1&limit=1>; rel=\"next\"");
            case RESOLVE ->
                commit.file(route.path())
                        .map(file -> files.resolve(request, route, repository, commit, file))
                        .orElseGet(() -> errors.noEntry(commit.id()));
            case RESOLVE_CACHE ->
                commit.file(route.path())
                        .map(file -> files.direct(request, file).with("X-Repo-Commit", commit.id()))
                        .orElseGet(() -> errors.noEntry(commit.id()));
            case RAW ->
                commit.file(route.path())
                        .map(file -> Reply.of(
                                200, "text/plain; charset=utf-8", file.lfs() ? file.pointer() : file.content()))
                        .orElseGet(() -> errors.noEntry(commit.id()));
        };
    }

    // Legacy ids redirect on the API only, renamed ones everywhere (huggingface.md 1.2, 1.9 E).
    private Reply moved(Request request, HubRoute route, String id) {
        if (!route.isApi() && !route.id().contains("/")) {
            return route(request, new HubRoute(route.call(), route.type(), id, route.revision(), route.path()));
        }
        int mark = request.target().raw().indexOf('?');
        String query = mark < 0 ? "" : request.target().raw().substring(mark);
        return Reply.redirect(307, route.movedTo(id) + query);
    }

    private Optional<Reply> refusal(
            Request request, HubRoute route, Optional<Repository> repository, HubErrors errors) {
        String token = request.bearer();
        boolean user = catalogue.knows(token);
        boolean reader = token != null
                && repository.map(found -> found.readers().contains(token)).orElse(false);
        Repository.Access access = repository.map(Repository::access).orElse(Repository.Access.PRIVATE);
        if (access == Repository.Access.PRIVATE && !reader) {
            return Optional.of(
                    token == null ? errors.unknownToStrangers() : user ? errors.noRepository() : errors.badToken());
        }
        if (access == Repository.Access.GATED && !reader && !route.isApi()) {
            return Optional.of(errors.gated(user));
        }
        return token == null || user ? Optional.empty() : Optional.of(errors.badToken());
    }

    private Reply tree(Request request, HubRoute route, Commit commit, HubErrors errors) {
        Target target = request.target();
        boolean recursive = target.query("recursive").orElse("false").equalsIgnoreCase("true");
        List<Commit.Row> rows = commit.rows(route.path(), recursive);
        if (rows.isEmpty() && !route.path().isEmpty()) {
            return errors.noEntry(commit.id());
        }
        int start = target.query("cursor").map(HubFace::position).orElse(0);
        int limit =
                Math.min(pageSize, target.query("limit").map(Integer::parseInt).orElse(LARGEST_PAGE));
        int end = Math.min(rows.size(), start + limit);
        Reply page = Reply.json(
                200,
                rows.subList(Math.min(start, end), end).stream()
                        .map(HubRows::entry)
                        .toList());
        return end == rows.size() ? page : page.with("Link", "<" + nextPage(target, limit, end) + ">; rel=\"next\"");
    }

    private String nextPage(Target target, int limit, int position) {
        Target rest = target.without("cursor").without("limit");
        String separator = rest.raw().contains("?") ? "&" : "?";
        return endpoint + rest.raw() + separator + "limit=" + limit + "&cursor=" + Target.encode(cursor(position));
    }

    private static Reply pathsInfo(Request request, Commit commit) {
        Set<String> paths = request.header("Content-Type").orElse("").startsWith("application/json")
                ? Json.strings(request.body(), "paths")
                : Target.parseFields(request.body()).stream()
                        .filter(field -> field.getKey().equals("paths"))
                        .map(Map.Entry::getValue)
                        .collect(Collectors.toSet());
        return Reply.json(
                200,
                commit.rows("", true).stream()
                        .filter(row -> paths.contains(row.path()))
                        .map(HubRows::entry)
                        .toList());
    }

    // huggingface.md 3.3
    private Reply whoami(Request request) {
        return catalogue
                .nameOf(request.bearer())
                .map(name -> Reply.json(
                        200,
                        Json.object(
                                "type", "user",
                                "name", "visitor",
                                "fullname", "Visitor",
                                "orgs", List.of(Json.object("type", "org", "name", "acme-lab")),
                                "auth",
                                        Json.object(
                                                "type",
                                                "access_token",
                                                "accessToken",
                                                Json.object("displayName", name, "role", "read")))))
                .orElseGet(() -> Reply.json(401, Json.object("error", "Invalid credentials in Authorization header"))
                        .with("X-Error-Message", "Invalid credentials in Authorization header"));
    }

    private Reply stamped(Request request, Reply reply) {
        int number = served.incrementAndGet();
        boolean resolver = request.target().segments().contains("resolve");
        int quota = resolver ? FILES_PER_WINDOW : CALLS_PER_WINDOW;
        String bucket = resolver ? "\"resolvers\"" : "\"api\"";
        return reply.with("RateLimit", bucket + ";r=" + Math.max(1, quota - number) + ";t=172")
                .with("RateLimit-Policy", "\"fixed window\";" + bucket + ";q=" + quota + ";w=300")
                .with("X-Request-Id", "Root=1-" + Integer.toHexString(number));
    }

    private static String cursor(int position) {
        return Base64.getEncoder().encodeToString(("after " + position).getBytes(StandardCharsets.UTF_8));
    }

    private static int position(String cursor) {
        String text = new String(Base64.getDecoder().decode(cursor), StandardCharsets.UTF_8);
        return Integer.parseInt(text.substring("after ".length()));
    }
}
