package dev.modelfetch.source.huggingface;

import dev.modelfetch.spi.Hiccup;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.http.Field;
import retrofit2.http.FormUrlEncoded;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;
import retrofit2.http.Query;
import retrofit2.http.Streaming;
import retrofit2.http.Tag;
import retrofit2.http.Url;

/**
 * The questions of huggingface.md 1.5 to 1.7. Paths are relative so that an endpoint keeps its path prefix; bodies are
 * streams because an answer is vetted before it is parsed, and some are left before their end.
 */
interface HubApi {

    @Streaming
    @GET("api/whoami-v2")
    Call<ResponseBody> whoami();

    @Streaming
    @GET("api/{types}/{id}/revision/{revision}")
    Call<ResponseBody> info(
            @Path("types") String types,
            @Path(value = "id", encoded = true) String id,
            @Path("revision") String revision);

    @Streaming
    @GET("api/{types}/{id}/revision/{revision}")
    Call<ResponseBody> info(
            @Path("types") String types,
            @Path(value = "id", encoded = true) String id,
            @Path("revision") String revision,
            @Query("blobs") boolean blobs,
            @Tag Hiccup hiccup);

    @Streaming
    @GET("api/{types}/{id}/tree/{commit}?recursive=true&expand=false")
    Call<ResponseBody> tree(
            @Path("types") String types,
            @Path(value = "id", encoded = true) String id,
            @Path("commit") String commit,
            @Query("sha256") @Nullable Boolean sha256,
            @Tag Hiccup hiccup);

    @Streaming
    @GET
    Call<ResponseBody> page(@Url HttpUrl next, @Tag Hiccup hiccup);

    @Streaming
    @GET
    Call<ResponseBody> document(@Url HttpUrl address);

    @Streaming
    @FormUrlEncoded
    @POST("api/{types}/{id}/paths-info/{commit}")
    Call<ResponseBody> paths(
            @Path("types") String types,
            @Path(value = "id", encoded = true) String id,
            @Path("commit") String commit,
            @Field("paths") List<String> paths,
            @Field("expand") boolean expand);
}
