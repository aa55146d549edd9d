package dev.modelfetch.testing.hub;

/**
 * A file of a repository.
 *
 * @param path from the repository root
 * @param content its bytes
 * @param lfs whether git holds only a pointer to it
 */
public record StoredFile(String path, Content content, boolean lfs) {

    /** What git holds instead of a large file. */
    public Content pointer() {
        return Content.text("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
                .formatted(content.sha256(), content.size()));
    }

    /** Git's id for what git holds: the content, or the pointer of a large file. */
    public String oid() {
        return lfs ? pointer().gitBlob() : content.gitBlob();
    }

    /** How the Hub identifies the content in {@code X-Linked-ETag}. */
    public String etag() {
        return lfs ? content.sha256() : content.gitBlob();
    }

    /** A stand-in for the hash in Xet storage: right in shape, unrelated to the SHA-256. */
    public String xetHash() {
        return Content.text("xet " + content.sha256()).sha256();
    }

    /** The last part of the path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
