package dev.modelfetch.testing.hub;

import dev.modelfetch.RepoType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The ModelScope protocol, as far as a downloader meets it. Thread-safe. */
public final class ModelScopeFace implements Face {

    private static final String HEAD = "master";
    private static final int LONGEST_LISTING = 3000;
    private static final int PAGE = 100;

    private final Catalogue catalogue;
    private final DataHost data;
    private volatile boolean silentAboutRevisions;

    ModelScopeFace(Catalogue catalogue, DataHost data) {
        this.catalogue = catalogue;
        this.data = data;
    }

    /** Lists an unknown revision as {@code "Files": null} with status 200, the older of two known behaviours. */
    public ModelScopeFace silentAboutUnknownRevisions() {
        silentAboutRevisions = true;
        return this;
    }

    @Override
    public Reply answer(Request request) {
        List<String> parts = request.target().segments();
        String path = request.target().from(0);
        if (path.equals("api/v1/login")) {
            return login(request);
        }
        if (path.equals("openapi/v1/users/me")) {
            return catalogue.knows(request.bearer())
                    ? Reply.json(200, Json.object("success", true, "data", Json.object("username", "visitor")))
                    : Reply.json(
                            401, Json.object("success", false, "code", "InvalidAuthentication", "message", "用户未登录"));
        }
        boolean api = path.startsWith("api/v1/");
        int start = api ? 2 : 0;
        Optional<RepoType> type = parts.size() < start + 3 ? Optional.empty() : type(parts.get(start));
        if (type.isEmpty()) {
            return path.startsWith("api/v1/") ? ModelScopeErrors.noRepository() : Reply.page(200, "ModelScope 魔搭社区");
        }
        Optional<Repository> found = catalogue.find(type.get(), parts.get(start + 1) + "/" + parts.get(start + 2));
        if (found.isEmpty()) {
            return ModelScopeErrors.noRepository();
        }
        if (!readable(request, found.get())) {
            return ModelScopeErrors.notReadable();
        }
        String call = request.target().from(start + 3);
        return api ? call(request, found.get(), call) : resolve(request, found.get(), parts);
    }

    private Reply call(Request request, Repository repository, String call) {
        return switch (call) {
            case "" -> ModelScopeRows.success(ModelScopeRows.info(repository));
            case "revisions" -> ModelScopeRows.success(ModelScopeRows.revisions(repository));
            case "commits" -> commits(request, repository);
            case "repo/files" -> files(request, repository);
            case "repo/tree" ->
                repository.type() == RepoType.DATASET ? tree(request, repository) : ModelScopeErrors.noTree();
            case "repo" ->
                file(
                        request,
                        repository,
                        request.target().query("Revision").orElse(HEAD),
                        request.target().query("FilePath").orElse(""));
            default -> ModelScopeErrors.noRepository();
        };
    }

    private Reply resolve(Request request, Repository repository, List<String> parts) {
        return parts.size() > 5 && parts.get(3).equals("resolve")
                ? file(request, repository, parts.get(4), request.target().from(5))
                : Reply.page(200, "ModelScope 魔搭社区");
    }

    private Reply commits(Request request, Repository repository) {
        String ref = request.target().query("Ref").orElse(HEAD);
        Optional<Commit> commit = catalogue.commit(repository, ref, HEAD);
        // An unknown branch is no error here.
        @Nullable
        Object list = commit.map(found -> (Object) List.of(ModelScopeRows.commit(found)))
                .orElse(null);
        return ModelScopeRows.success(Json.object("Commit", list), "TotalCount", commit.isPresent() ? 1 : 0);
    }

    private Reply files(Request request, Repository repository) {
        Target target = request.target();
        Optional<Commit> commit =
                catalogue.commit(repository, target.query("Revision").orElse(HEAD), HEAD);
        if (commit.isEmpty()) {
            return silentAboutRevisions
                    ? ModelScopeRows.success(Json.object("IsVisual", 0, "Files", null))
                    : ModelScopeErrors.noTree();
        }
        boolean recursive = target.query("Recursive").orElse("").equalsIgnoreCase("true");
        List<Commit.Row> rows = commit.get().rows(target.query("Root").orElse(""), recursive);
        return ModelScopeRows.success(Json.object(
                "IsVisual", 0,
                "LatestCommitter", ModelScopeRows.commit(commit.get()),
                "Files", ModelScopeRows.rows(rows.stream().limit(LONGEST_LISTING), repository.type())));
    }

    private Reply tree(Request request, Repository repository) {
        Target target = request.target();
        Optional<Commit> commit =
                catalogue.commit(repository, target.query("Revision").orElse(HEAD), HEAD);
        if (commit.isEmpty()) {
            return ModelScopeErrors.noTree();
        }
        String root = target.query("Root").orElse("/").substring(1);
        boolean recursive = target.query("Recursive").orElse("").equalsIgnoreCase("true");
        List<Commit.Row> rows = commit.get().rows(root, recursive);
        int page = target.query("PageNumber").map(Integer::parseInt).orElse(1);
        int size = target.query("PageSize").map(Integer::parseInt).orElse(PAGE);
        Object list =
                ModelScopeRows.rows(rows.stream().skip((long) (page - 1) * size).limit(size), repository.type());
        return ModelScopeRows.success(
                Json.object("TotalCount", rows.size(), "Files", list),
                "PageNumber",
                page,
                "PageSize",
                size,
                "TotalCount",
                rows.size());
    }

    private Reply file(Request request, Repository repository, String revision, String path) {
        return catalogue
                .commit(repository, revision, HEAD)
                .flatMap(commit -> commit.file(path))
                .map(file -> file.lfs() ? redirect(repository, revision, file) : plain(request, file))
                .orElseGet(ModelScopeErrors::noFile);
    }

    private Reply redirect(Repository repository, String revision, StoredFile file) {
        String digest = file.content().sha256();
        String[] id = repository.id().split("/", -1);
        String link =
                "/prod/lfs-objects/%s/%s/%s?filename=%s&namespace=%s&repository=%s&revision=%s&tag=%s&auth_key=%d-%s-0-"
                        .formatted(
                                digest.substring(0, 2),
                                digest.substring(2, 4),
                                digest.substring(4),
                                Target.encode(file.name()),
                                id[0],
                                id[1],
                                Target.encode(revision),
                                repository.type().word(),
                                DataHost.expiry(),
                                UUID.randomUUID().toString().replace("-", ""));
        return Reply.redirect(302, data.link(link, file, ""))
                .with("X-Linked-Etag", "\"" + digest + "\"")
                .about(file.path());
    }

    // A closed range comes as 200 with Content-Range, an open one as the whole file (modelscope.md 1.4).
    private static Reply plain(Request request, StoredFile file) {
        Reply whole = Reply.file(file);
        if (request.isHead()) {
            return whole.without("Content-Length");
        }
        long size = file.content().size();
        return ByteRange.of(request, size)
                .filter(range -> range.closed() && range.from() < size)
                .map(range -> whole.slice(range.from(), range.to()).with("Content-Range", range.contentRange(size)))
                .orElse(whole);
    }

    private Reply login(Request request) {
        String token = String.valueOf(Json.parse(request.body()).get("AccessToken"));
        return catalogue.knows(token)
                ? ModelScopeRows.success(Json.object("AccessToken", "git-token", "Username", "visitor", "Email", ""))
                : ModelScopeErrors.badToken();
    }

    private static boolean readable(Request request, Repository repository) {
        String token = request.bearer();
        return repository.access() == Repository.Access.OPEN
                || (token != null && repository.readers().contains(token));
    }

    private static Optional<RepoType> type(String plural) {
        return switch (plural) {
            case "models" -> Optional.of(RepoType.MODEL);
            case "datasets" -> Optional.of(RepoType.DATASET);
            default -> Optional.empty();
        };
    }
}
