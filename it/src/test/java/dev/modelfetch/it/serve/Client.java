package dev.modelfetch.it.serve;

import dev.modelfetch.it.interop.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Unmodified clients, each of which fetches one large file of a repository in the way it does that. */
enum Client {
    /** {@code hf download}. */
    HF {
        @Override
        int fetch(Want want) throws Exception {
            Python hf = Python.at(want.into().resolve("home")).with("HF_ENDPOINT", want.endpoint());
            if (!want.token().isEmpty()) {
                hf = hf.with("HF_TOKEN", want.token());
            }
            return hf.run(
                            "hf",
                            "download",
                            want.id(),
                            FILE,
                            "--revision",
                            want.revision(),
                            "--local-dir",
                            want.into().toString())
                    .code();
        }
    },

    /** Goes on with what is there. */
    CURL {
        @Override
        int fetch(Want want) throws Exception {
            List<String> line = want.with("-H", "curl", "-sSf", "-C", "-", "-o", FILE);
            return Tool.run(want.into(), line).code();
        }
    },

    /** Goes on with what is there, and asks again by itself. */
    WGET {
        @Override
        int fetch(Want want) throws Exception {
            List<String> line = want.with("--header", "wget", "-q", "-c", "--tries=4", "--waitretry=1", "-O", FILE);
            return Tool.run(want.into(), line).code();
        }
    },

    /** In sixteen pieces at once. */
    ARIA2 {
        @Override
        int fetch(Want want) throws Exception {
            List<String> line = want.with(
                    "--header", "aria2c", "-q", "-c", "-x16", "-s16", "-k1M", "--file-allocation=none", "-o", FILE);
            return Tool.run(want.into(), line).code();
        }
    },

    /** {@code @huggingface/hub}, which asks for one byte first. */
    NODE {
        @Override
        int fetch(Want want) throws Exception {
            Path folder = Tool.node();
            Path script = folder.resolve("fetch.mjs");
            Files.writeString(script, """
                    import { downloadFile, listFiles, modelInfo, fileExists } from "@huggingface/hub";
                    import { writeFileSync } from "node:fs";
                    const [hubUrl, repo, revision, path, into, accessToken] = process.argv.slice(2);
                    const common = { hubUrl, repo, revision, ...(accessToken ? { accessToken } : {}) };
                    const paths = [];
                    for await (const file of listFiles({ ...common, recursive: true })) paths.push(file.path);
                    if (!paths.includes(path)) throw new Error("not listed: " + paths);
                    if (!(await fileExists({ ...common, path }))) throw new Error("does not exist");
                    if (await fileExists({ ...common, path: "none" })) throw new Error("exists");
                    const info = await modelInfo({ hubUrl, name: repo, ...(accessToken ? { accessToken } : {}) });
                    if (info.name !== repo) throw new Error(info.name);
                    const blob = await downloadFile({ ...common, path });
                    writeFileSync(into, Buffer.from(await blob.arrayBuffer()));
                    """);
            List<String> line = new ArrayList<>(List.of(
                    "node",
                    script.toString(),
                    want.endpoint(),
                    want.id(),
                    want.revision(),
                    FILE,
                    want.file().toString()));
            if (!want.token().isEmpty()) {
                line.add(want.token());
            }
            Tool.Ended ended = Tool.run(folder, line);
            if (ended.code() != 0) {
                Files.writeString(want.into().resolve("said.txt"), ended.out());
            }
            return ended.code();
        }
    },

    /** Asks by digest, for what a checkout has pointers of. */
    GIT_LFS {
        @Override
        int fetch(Want want) throws Exception {
            Path at = want.into();
            Files.writeString(at.resolve(".gitattributes"), "*.bin filter=lfs diff=lfs merge=lfs -text\n");
            Files.writeString(want.file(), want.pointer());
            Tool.run(at, "git", "init", "-q").exits(0);
            // The pointer is what it is, whatever the filters would make of it.
            Tool.run(at, "git", "-c", "filter.lfs.clean=cat", "-c", "filter.lfs.required=false", "add", ".")
                    .exits(0);
            Tool.run(at, "git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "pointers")
                    .exits(0);
            Tool.run(at, "git", "config", "lfs.url", want.endpoint() + "/" + want.id() + ".git/info/lfs")
                    .exits(0);
            if (!want.token().isEmpty()) {
                Tool.run(at, "git", "config", "http.extraHeader", "Authorization: Bearer " + want.token())
                        .exits(0);
            }
            Tool.Ended there = Tool.run(at, "git", "lfs", "install", "--local");
            org.junit.jupiter.api.Assumptions.assumeTrue(
                    there.code() == 0, () -> "skipped: git-lfs is not there: " + there.out());
            return Tool.run(at, "git", "lfs", "pull").code();
        }
    };

    static final String FILE = Samples.BIG;

    /**
     * What to fetch.
     *
     * @param token empty for none
     * @param pointer the text that git has in the place of the file
     * @param into folder that is there
     */
    record Want(String endpoint, String id, String revision, String token, String pointer, Path into) {

        Path file() {
            return into.resolve(FILE);
        }

        /** The command with the address of the file, and the token in a header. */
        List<String> with(String header, String... command) {
            List<String> line = new ArrayList<>(List.of(command));
            if (!token.isEmpty()) {
                line.addAll(List.of(header, "Authorization: Bearer " + token));
            }
            line.add(endpoint + "/" + id + "/resolve/" + revision + "/" + FILE);
            return line;
        }
    }

    /** Leaves the file in its folder; returns the exit status. */
    abstract int fetch(Want want) throws Exception;

    /** Whether it goes on with what an earlier try has left. */
    boolean goesOn() {
        return this != NODE && this != GIT_LFS;
    }

    static Path folder(Path home, String name) throws IOException {
        return Files.createDirectories(home.resolve(name));
    }
}
