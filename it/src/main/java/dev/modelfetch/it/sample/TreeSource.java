package dev.modelfetch.it.sample;

import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.spi.CommonVerdicts;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.SourceProfile;
import java.io.IOException;
import java.util.List;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A plain directory tree on a web server. {@code owner/name/INDEX.tsv} has a line {@code sha256<TAB>size<TAB>path} per
 * file, the files are below {@code owner/name/files/}, and the commit is the start of the index's own SHA-256.
 */
final class TreeSource implements ModelSource {

    private static final int COMMIT_DIGITS = 40;

    private final SourceContext context;

    TreeSource(SourceContext context) {
        this.context = context;
    }

    @Override
    public SourceProfile profile() {
        return SourceProfile.of(context);
    }

    @Override
    public Resolved resolve(Repo repo, @Nullable String revision) throws SourceException {
        String commit = commit(index(context.probes(), repo));
        if (revision != null && !revision.equals("main") && !revision.equals(commit)) {
            throw SourceException.notHere(Verdict.What.REVISION, "has only the present state");
        }
        return Resolved.of(repo, "main", commit);
    }

    @Override
    public Manifest list(Resolved resolved) throws SourceException {
        ByteString index = index(context.calls(), resolved.repo());
        if (!commit(index).equals(resolved.commit())) {
            throw SourceException.notHere(Verdict.What.REVISION, "changed a moment ago");
        }
        return resolved.manifest(profile(), rows(index));
    }

    @Override
    public Request request(Manifest manifest, RepoFile file) {
        HttpUrl url = below(manifest.repo())
                .addPathSegment("files")
                .addPathSegments(file.path())
                .build();
        return new Request.Builder().url(url).build();
    }

    private ByteString index(Call.Factory calls, Repo repo) throws SourceException {
        HttpUrl url = below(repo).addPathSegment("INDEX.tsv").build();
        try (Response response =
                calls.newCall(new Request.Builder().url(url).build()).execute()) {
            if (response.code() != 200 || CommonVerdicts.isWebPage(response)) {
                throw new SourceException(CommonVerdicts.ofStatus(response)
                        .orElseGet(() -> new Verdict.NotHere(Verdict.What.REPOSITORY, "has no such directory")));
            }
            return response.body().byteString();
        } catch (IOException e) {
            throw SourceException.of(e, url);
        }
    }

    private HttpUrl.Builder below(Repo repo) {
        return context.url().newBuilder().addPathSegments(repo.id());
    }

    private static String commit(ByteString index) {
        return index.sha256().hex().substring(0, COMMIT_DIGITS);
    }

    private static List<RepoFile> rows(ByteString index) throws SourceException {
        try {
            return index.utf8().lines().map(TreeSource::row).toList();
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new SourceException(new Verdict.Blocked("has an INDEX.tsv that cannot be read"), e);
        }
    }

    private static RepoFile row(String line) {
        String[] cells = line.split("\t", 3);
        return RepoFile.of(cells[2], Long.parseLong(cells[1])).withSha256(cells[0]);
    }
}
