package dev.modelfetch.internal.store;

import dev.modelfetch.Digest;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verification;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The repository of huggingface.md 5.1, and the calls a job makes to store it. */
final class Sample {

    static final Repo REPO = Repo.of(RepoType.MODEL, "acme-lab/aurora-7b");
    static final String COMMIT = "eb1e3bafe74bcf276fa07e91d5176e6a69947da3";
    static final String OTHER_COMMIT = "1111111111111111111111111111111111111111";

    static final byte[] CONFIG_BYTES = bytes("{\"model_type\": \"aurora\"}\n");
    static final String CONFIG_GIT = "4c1ee3938fa977800a1dd22f4a69d9aebfe28ea0";
    static final String CONFIG_SHA = "adb1466ded951f54a0e5ed707f8a8355006edfbe914b66879eac760cc81480cb";
    static final byte[] WEIGHTS_BYTES = bytes("aurora-weights\n");
    static final String WEIGHTS_SHA = "9e12732adeb0be3cb7b8ede4258b5794812d32759a855339fa1369cb9d7dbfec";
    static final String WEIGHTS_POINTER = "fd77d29435ca133f44e203340c98344841c3ad77";
    static final String EMPTY_GIT = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
    static final String EMPTY_SHA = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    static final RepoFile CONFIG = new RepoFile("config.json", 25, null, Digest.gitBlob(CONFIG_GIT), false);
    static final RepoFile WEIGHTS = new RepoFile("onnx/model.onnx", 15, Digest.sha256(WEIGHTS_SHA), null, true);
    static final RepoFile EMPTY = new RepoFile(".gitkeep", 0, null, Digest.gitBlob(EMPTY_GIT), false);

    private Sample() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Manifest manifest(RepoFile... files) {
        return manifest("huggingface", COMMIT, files);
    }

    static Manifest manifest(String family, String commit, RepoFile... files) {
        return new Manifest(family, family, REPO, "main", commit, List.of(files), true);
    }

    /** A row as ModelScope has it: SHA-256 for everything, no git ids. */
    static RepoFile withShaOnly(String path, byte[] content) {
        return new RepoFile(path, content.length, hash(content).sha256(), null, false);
    }

    static Content hash(byte[] content) {
        Hasher hasher = new Hasher(content.length, true);
        hasher.update(content, 0, content.length);
        return hasher.finish();
    }

    /** Fetches one file into the store, as a job would. */
    static Stored fetch(Store store, RepoFile file, byte[] content) throws IOException {
        return store.publish(
                written(store, file, content), file, hash(content), List.of("mirror"), Verification.ORIGIN);
    }

    /** A partial that has everything. */
    static Partial written(Store store, RepoFile file, byte[] content) throws IOException {
        Optional<Partial> partial = store.partial(file);
        partial.orElseThrow().write(0, ByteBuffer.wrap(content), "mirror");
        return partial.orElseThrow();
    }

    /** The whole job. */
    static void fetchAll(Store store, Manifest manifest, byte[]... contents) throws IOException {
        store.prepare(manifest);
        for (int i = 0; i < contents.length; i++) {
            fetch(store, manifest.files().get(i), contents[i]);
        }
        store.finish(manifest, null);
    }

    static HubCache hubCache(Path root) {
        return new HubCache(root, REPO, true, new HandClock());
    }
}
