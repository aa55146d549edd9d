package dev.modelfetch.source.modelscope;

import dev.modelfetch.Repo;
import dev.modelfetch.RepoType;
import dev.modelfetch.spi.Hiccup;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;

/** Where the bytes of a file start: the one call for it that both of the hub's own clients use (modelscope.md 1.2). */
final class FileLink {

    private static final String PATH = "FilePath";

    private FileLink() {}

    static Request to(HttpUrl endpoint, Repo repo, String commit, String path) {
        HttpUrl.Builder url =
                endpoint.newBuilder().addPathSegments("api/v1/" + repo.type().plural() + "/" + repo.id() + "/repo");
        if (repo.type() == RepoType.DATASET) {
            url.addQueryParameter("Source", "SDK");
        }
        url.addQueryParameter("Revision", commit).addQueryParameter(PATH, path);
        if (repo.type() == RepoType.DATASET) {
            url.addQueryParameter("View", "False");
        }
        return RequestId.on(new Request.Builder()
                .url(url.build())
                .tag(Hiccup.class, Hiccup.OF_FILE)
                .build());
    }

    /** What such a request was for, as people call it. */
    static String asked(Response response) {
        HttpUrl url = response.request().url();
        List<String> parts = url.pathSegments();
        String file = url.queryParameter(PATH);
        if (file == null || parts.size() < 3) {
            return "such file";
        }
        return "\"" + file + "\" of " + String.join("/", parts.subList(parts.size() - 3, parts.size() - 1));
    }
}
