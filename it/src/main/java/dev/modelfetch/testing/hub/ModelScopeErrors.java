package dev.modelfetch.testing.hub;

/** ModelScope's refusals: nearly always 404, told apart by a code (modelscope.md 3.1). */
final class ModelScopeErrors {

    private ModelScopeErrors() {}

    static Reply noRepository() {
        return error(404, 10010205001L, "获取模型信息失败，信息：record not found");
    }

    /** Private or gated: the words are the same. */
    static Reply notReadable() {
        return error(404, 10010200001L, "模型不存在或无权访问");
    }

    static Reply noTree() {
        return error(404, 10990101004L, "获取模型目录树失败");
    }

    /** Missing file or unknown revision alike. */
    static Reply noFile() {
        return error(404, 10990101007L, "获取模型文件失败，文件内容为空");
    }

    static Reply badToken() {
        return error(400, 10010103009L, "AccessToken error");
    }

    private static Reply error(int status, long code, String message) {
        return Reply.json(
                status, Json.object("Code", code, "Message", message, "RequestId", "0b6f3c1e", "Success", false));
    }
}
