package dev.modelfetch.internal.testing;

import dev.modelfetch.Digest;
import dev.modelfetch.Manifest;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.RepoType;
import dev.modelfetch.Verification;
import dev.modelfetch.internal.file.Content;
import dev.modelfetch.internal.file.Hasher;
import dev.modelfetch.internal.store.HubCache;
import dev.modelfetch.internal.store.SnapshotStore;
import dev.modelfetch.internal.store.StoredFile;
import dev.modelfetch.internal.store.partial.Partial;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The repository of huggingface.md 5.1, and the calls a job makes to store it. */
public final class Sample {

    public static final Repo REPO = Repo.of(RepoType.MODEL, "acme-lab/aurora-7b");
    public static final String COMMIT = "eb1e3bafe74bcf276fa07e91d5176e6a69947da3";
    public static final String OTHER_COMMIT = "1111111111111111111111111111111111111111";

    public static final byte[] CONFIG_BYTES = bytes("{\"model_type\": \"aurora\"}\n");
    public static final String CONFIG_GIT = "4c1ee3938fa977800a1dd22f4a69d9aebfe28ea0";
    public static final String CONFIG_SHA = "adb1466ded951f54a0e5ed707f8a8355006edfbe914b66879eac760cc81480cb";
    public static final byte[] WEIGHTS_BYTES = bytes("aurora-weights\n");
    public static final String WEIGHTS_SHA = "9e12732adeb0be3cb7b8ede4258b5794812d32759a855339fa1369cb9d7dbfec";
    public static final String WEIGHTS_POINTER = "fd77d29435ca133f44e203340c98344841c3ad77";
    public static final String EMPTY_GIT = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
    public static final String EMPTY_SHA = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    public static final RepoFile CONFIG = new RepoFile("config.json", 25, null, Digest.gitBlob(CONFIG_GIT), false);
    public static final RepoFile WEIGHTS = new RepoFile("onnx/model.onnx", 15, Digest.sha256(WEIGHTS_SHA), null, true);
    public static final RepoFile EMPTY = new RepoFile(".gitkeep", 0, null, Digest.gitBlob(EMPTY_GIT), false);

    private Sample() {}

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static Manifest manifest(RepoFile... files) {
        return manifest("huggingface", COMMIT, files);
    }

    public static Manifest manifest(String family, String commit, RepoFile... files) {
        return new Manifest(family, family, REPO, "main", commit, List.of(files), true);
    }

    /** A row as ModelScope has it: SHA-256 for everything, no git ids. */
    public static RepoFile withShaOnly(String path, byte[] content) {
        return new RepoFile(path, content.length, hash(content).sha256(), null, false);
    }

    public static Content hash(byte[] content) {
        Hasher hasher = new Hasher(content.length, true);
        hasher.update(content, 0, content.length);
        return hasher.finish();
    }

    /** Fetches one file into the store, as a job would. */
    public static StoredFile fetch(SnapshotStore store, RepoFile file, byte[] content) throws IOException {
        return store.publish(
                written(store, file, content), file, hash(content), List.of("mirror"), Verification.ORIGIN);
    }

    /** A partial that has everything. */
    public static Partial written(SnapshotStore store, RepoFile file, byte[] content) throws IOException {
        Optional<Partial> partial = store.partial(file);
        partial.orElseThrow().write(0, ByteBuffer.wrap(content), "mirror");
        return partial.orElseThrow();
    }

    /** The whole job. */
    public static void fetchAll(SnapshotStore store, Manifest manifest, byte[]... contents) throws IOException {
        store.prepare(manifest);
        for (int i = 0; i < contents.length; i++) {
            fetch(store, manifest.files().get(i), contents[i]);
        }
        store.finish(manifest, null);
    }

    public static HubCache hubCache(Path root) {
        return new HubCache(root, REPO, true, new HandClock());
    }

    /** Every file below, relative, in order. */
    public static List<String> files(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(path -> !Files.isDirectory(path))
                    .map(path -> root.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }
}
