package dev.modelfetch.source.modelscope;

import java.util.UUID;
import okhttp3.Request;

/** Marks a request so that the hub's people can find it in their logs (modelscope.md 5.2). */
final class RequestId {

    static final String HEADER = "X-Request-ID";

    private RequestId() {}

    static Request on(Request request) {
        String id = UUID.randomUUID().toString().replace("-", "");
        return request.newBuilder().header(HEADER, id).build();
    }
}
