package dev.modelfetch.source.modelscope;

import dev.modelfetch.spi.Hiccup;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.http.GET;
import retrofit2.http.Path;
import retrofit2.http.Query;
import retrofit2.http.Streaming;
import retrofit2.http.Tag;

/**
 * The read calls of the hub (modelscope.md 1.2). Paths are relative, because an endpoint may have a path prefix. {@code
 * types} is {@code models} or {@code datasets}; {@code id} is {@code owner/name}, whose letters need no escaping.
 */
interface ModelScopeApi {

    /** Newest first; the first commit is the one {@code Ref} points at. */
    @Streaming
    @GET("api/v1/{types}/{id}/commits?PageNumber=1&PageSize=1")
    Call<ResponseBody> newestCommit(
            @Path("types") String types,
            @Path(value = "id", encoded = true) String id,
            @Query("Ref") String ref,
            @Tag @Nullable Hiccup hiccup);

    @Streaming
    @GET("api/v1/{types}/{id}/revisions")
    Call<ResponseBody> revisions(
            @Path("types") String types, @Path(value = "id", encoded = true) String id, @Tag @Nullable Hiccup hiccup);

    /**
     * Rows of a model, in one piece.
     *
     * @param recursive null for the direct children of {@code root} only
     * @param root without a leading slash; null for the repository root
     */
    @Streaming
    @GET("api/v1/models/{id}/repo/files")
    Call<ResponseBody> files(
            @Path(value = "id", encoded = true) String id,
            @Query("Revision") String revision,
            @Query("Recursive") @Nullable String recursive,
            @Query("Root") @Nullable String root,
            @Tag @Nullable Hiccup hiccup);

    /** Rows of a dataset, by pages that count from 1. */
    @Streaming
    @GET("api/v1/datasets/{id}/repo/tree?Recursive=True&Root=%2F")
    Call<ResponseBody> tree(
            @Path(value = "id", encoded = true) String id,
            @Query("Revision") String revision,
            @Query("PageNumber") int page,
            @Query("PageSize") int size,
            @Tag @Nullable Hiccup hiccup);

    /** Whose token it is; the only read that refuses a bad one (modelscope.md 3.2). */
    @Streaming
    @GET("openapi/v1/users/me")
    Call<ResponseBody> account();
}
