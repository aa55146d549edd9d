package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // text                               | type    | id               | typed | revision
                "acme/tiny                            | MODEL   | acme/tiny        | false | -",
                "gpt2                                 | MODEL   | gpt2             | false | -",
                "gpt2@607a30d7                        | MODEL   | gpt2             | false | 607a30d7",
                "acme/tiny@main                       | MODEL   | acme/tiny        | false | main",
                "acme/tiny@v1.0                       | MODEL   | acme/tiny        | false | v1.0",
                "acme/tiny@refs/pr/1                  | MODEL   | acme/tiny        | false | refs/pr/1",
                "acme/tiny@feature/long-context       | MODEL   | acme/tiny        | false | feature/long-context",
                "models/acme/tiny                     | MODEL   | acme/tiny        | true  | -",
                "datasets/acme/words                  | DATASET | acme/words       | true  | -",
                "datasets/acme/words@refs/convert/x   | DATASET | acme/words       | true  | refs/convert/x",
                "datasets/squad                       | DATASET | squad            | true  | -",
                "spaces/acme/chat                     | SPACE   | acme/chat        | true  | -",
                "spaces/acme/chat@main                | SPACE   | acme/chat        | true  | main",
            })
    void aCompactFormNamesTypeIdAndRevision(String text, RepoType type, String id, boolean typed, String revision) {
        Address address = Address.parse(text);

        assertThat(address).isEqualTo(new Address(Repo.of(type, id), typed, revision, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // text                                        | type    | typed | revision      | file
                "hf://acme/tiny                                | MODEL   | false | -             | -",
                "HF://acme/tiny                                | MODEL   | false | -             | -",
                "hf://acme/tiny/                               | MODEL   | false | -             | -",
                "hf://models/acme/tiny                         | MODEL   | true  | -             | -",
                "hf://datasets/acme/tiny                       | DATASET | true  | -             | -",
                "hf://spaces/acme/tiny@main                    | SPACE   | true  | main          | -",
                "hf://acme/tiny@main                           | MODEL   | false | main          | -",
                "hf://acme/tiny@refs/pr/1                      | MODEL   | false | refs/pr/1     | -",
                "hf://acme/tiny@refs%2Fpr%2F1                  | MODEL   | false | refs/pr/1     | -",
                "hf://acme/tiny@refs/pr/1/onnx/model.onnx      | MODEL   | false | refs/pr/1     | onnx/model.onnx",
                "hf://acme/tiny@refs%2Fpr%2F1/onnx/model.onnx  | MODEL   | false | refs/pr/1     | onnx/model.onnx",
                "hf://acme/tiny@refs/convert/x/a.json          | MODEL   | false | refs/convert/x | a.json",
                "hf://acme/tiny@feature%2Flong/config.json     | MODEL   | false | feature/long  | config.json",
                "hf://acme/tiny/config.json                    | MODEL   | false | -             | config.json",
                "hf://acme/tiny/onnx/                          | MODEL   | false | -             | onnx/",
                "hf://acme/tiny@v1/onnx/                       | MODEL   | false | v1            | onnx/",
                "hf://acme/tiny/photos/me@home.png             | MODEL   | false | -             | photos/me@home.png",
                "hf://datasets/acme/tiny@main/a/b.parquet      | DATASET | true  | main          | a/b.parquet",
            })
    void anHfAddressMayAlsoNameAFile(String text, RepoType type, boolean typed, String revision, String file) {
        Address address = Address.parse(text);

        assertThat(address).isEqualTo(new Address(Repo.of(type, "acme/tiny"), typed, revision, file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "modelscope://Acme/Tiny                    | MODEL   | false | -      | -",
                "ms://Acme/Tiny                            | MODEL   | false | -      | -",
                "modelscope://models/Acme/Tiny             | MODEL   | true  | -      | -",
                "modelscope://datasets/Acme/Tiny           | DATASET | true  | -      | -",
                "modelscope://Acme/Tiny@master             | MODEL   | false | master | -",
                "modelscope://Acme/Tiny/config.json        | MODEL   | false | -      | config.json",
                "modelscope://datasets/Acme/Tiny@v2/a/b.md | DATASET | true  | v2     | a/b.md",
            })
    void aModelScopeAddressNamesAnIdInThatSpelling(
            String text, RepoType type, boolean typed, String revision, String file) {
        Address address = Address.parse(text);

        assertThat(address).isEqualTo(new Address(new Repo(type, "Acme/Tiny", "modelscope"), typed, revision, file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // page                                                           | type    | id        | revision  |
                // file
                "https://huggingface.co/acme/tiny                                 | MODEL   | acme/tiny | -         | -",
                "https://huggingface.co/acme/tiny/                                | MODEL   | acme/tiny | -         | -",
                "http://huggingface.co/acme/tiny                                  | MODEL   | acme/tiny | -         | -",
                "huggingface.co/acme/tiny                                         | MODEL   | acme/tiny | -         | -",
                "HTTPS://HuggingFace.co/acme/Tiny                                 | MODEL   | acme/Tiny | -         | -",
                "https://www.huggingface.co/acme/tiny                             | MODEL   | acme/tiny | -         | -",
                "https://hf.co/acme/tiny                                          | MODEL   | acme/tiny | -         | -",
                "https://hf-mirror.com/acme/tiny                                  | MODEL   | acme/tiny | -         | -",
                "hf-mirror.com/datasets/acme/words                                | DATASET | acme/words | -        | -",
                "https://huggingface.co/gpt2                                      | MODEL   | gpt2      | -         | -",
                "https://huggingface.co/gpt2/tree/main                            | MODEL   | gpt2      | main      | -",
                "https://huggingface.co/gpt2/blob/main/config.json                | MODEL   | gpt2      | main      | config.json",
                "https://huggingface.co/acme/tiny?not-for-all-audiences=true      | MODEL   | acme/tiny | -         | -",
                "https://huggingface.co/acme/tiny#usage                           | MODEL   | acme/tiny | -         | -",
                "https://huggingface.co/acme/tiny/tree/main                       | MODEL   | acme/tiny | main      | -",
                "https://huggingface.co/acme/tiny/tree/main/                      | MODEL   | acme/tiny | main      | -",
                "https://huggingface.co/acme/tiny/tree/main/onnx/fp16             | MODEL   | acme/tiny | main      | onnx/fp16/",
                "https://huggingface.co/acme/tiny/tree/refs%2Fpr%2F1              | MODEL   | acme/tiny | refs/pr/1 | -",
                "https://huggingface.co/acme/tiny/tree/refs%2Fpr%2F1/onnx         | MODEL   | acme/tiny | refs/pr/1 | onnx/",
                "https://huggingface.co/acme/tiny/tree/refs/pr/1/onnx             | MODEL   | acme/tiny | refs/pr/1 | onnx/",
                "https://huggingface.co/acme/tiny/blob/refs%2Fpr%2F1/config.json  | MODEL   | acme/tiny | refs/pr/1 | config.json",
                "https://huggingface.co/acme/tiny/blob/main/a.md#L10-L20          | MODEL   | acme/tiny | main      | a.md",
                "https://huggingface.co/acme/tiny/blob/main/a.md?code=true#L10    | MODEL   | acme/tiny | main      | a.md",
                "https://huggingface.co/acme/tiny/resolve/v1.0/w.bin?download=true | MODEL  | acme/tiny | v1.0      | w.bin",
                "https://huggingface.co/acme/tiny/raw/main/README.md              | MODEL   | acme/tiny | main      | README.md",
                "https://huggingface.co/acme/tiny/blob/main/a%20b%23%2B+c.txt     | MODEL   | acme/tiny | main      | a b#++c.txt",
                "https://huggingface.co/acme/tiny/blob/main/50%.txt               | MODEL   | acme/tiny | main      | 50%.txt",
                "https://huggingface.co/acme/tiny/commit/0123abcd                 | MODEL   | acme/tiny | 0123abcd  | -",
                "https://huggingface.co/acme/tiny/commits/main                    | MODEL   | acme/tiny | main      | -",
                "https://huggingface.co/acme/tiny/commits/main/onnx/model.onnx    | MODEL   | acme/tiny | main      | onnx/model.onnx",
                "https://huggingface.co/acme/tiny/edit/v1/README.md               | MODEL   | acme/tiny | v1        | README.md",
                "https://huggingface.co/acme/tiny/blame/main/config.json          | MODEL   | acme/tiny | main      | config.json",
                "https://huggingface.co/acme/tiny/discussions                     | MODEL   | acme/tiny | -         | -",
                "https://huggingface.co/acme/tiny/discussions/7                   | MODEL   | acme/tiny | refs/pr/7 | -",
                "https://huggingface.co/acme/tiny/discussions/7/files             | MODEL   | acme/tiny | refs/pr/7 | -",
                "https://huggingface.co/acme/tiny/discussions/7#64f0             | MODEL   | acme/tiny | refs/pr/7 | -",
                "https://huggingface.co/gpt2/discussions/7                        | MODEL   | gpt2      | refs/pr/7 | -",
                "https://huggingface.co/acme/tiny/tree/main?show_file_info=q%2Fm.gguf | MODEL | acme/tiny | main    | q/m.gguf",
                "https://huggingface.co/acme/tiny?show_file_info=m.gguf           | MODEL   | acme/tiny | -         | m.gguf",
                "https://huggingface.co/acme/tiny?ref=news&version=2              | MODEL   | acme/tiny | -         | -",
                "https://huggingface.co/acme/tiny/blob/main/a%5B1%5D.bin          | MODEL   | acme/tiny | main      | a[1].bin",
                "https://huggingface.co/acme/tiny/resolve/main/onnx/              | MODEL   | acme/tiny | main      | onnx/",
                "https://huggingface.co/api/models/acme/tiny/revision/v1          | MODEL   | acme/tiny | v1        | -",
                "https://huggingface.co/api/models/acme/tiny/tree/v1/onnx?recursive=true | MODEL | acme/tiny | v1    | onnx/",
                "https://huggingface.co/api/resolve-cache/models/acme/tiny/0123456789012345678901234567890123456789/a%2Fb.md?x=1 | MODEL | acme/tiny | 0123456789012345678901234567890123456789 | a/b.md",
                "https://huggingface.co:443/acme/tiny                             | MODEL   | acme/tiny | -         | -",
                "https://git@huggingface.co/acme/tiny                             | MODEL   | acme/tiny | -         | -",
                "git@hf.co:acme/tiny                                              | MODEL   | acme/tiny | -         | -",
                "git@hf.co:datasets/acme/words.git                                | DATASET | acme/words | -        | -",
                "hf.co:acme/tiny                                                  | MODEL   | acme/tiny | -         | -",
                "ssh://git@hf.co:22/acme/tiny.git                                 | MODEL   | acme/tiny | -         | -",
                "https://huggingface.co/datasets/acme/words/viewer                | DATASET | acme/words | -        | -",
                "https://huggingface.co/datasets/squad                            | DATASET | squad     | -         | -",
                "https://huggingface.co/datasets/acme/words/tree/main/data        | DATASET | acme/words | main     | data/",
                "https://huggingface.co/spaces/acme/chat/blob/main/app.py         | SPACE   | acme/chat | main      | app.py",
                "https://huggingface.co/api/models/acme/tiny                      | MODEL   | acme/tiny | -         | -",
                "https://huggingface.co/acme/tiny.git                             | MODEL   | acme/tiny | -         | -",
                "https://huggingface.co/datasets/acme/words.git                   | DATASET | acme/words | -        | -",
            })
    void aHubPageIsUnderstoodAndFixesTheType(String page, RepoType type, String id, String revision, String file) {
        Address address = Address.parse(page);

        assertThat(address).isEqualTo(new Address(Repo.of(type, id), true, revision, file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "https://modelscope.cn/models/Acme/Tiny                                | MODEL   | true  | -      | -",
                "https://www.modelscope.cn/models/Acme/Tiny/summary                    | MODEL   | true  | -      | -",
                "modelscope.cn/models/Acme/Tiny                                        | MODEL   | true  | -      | -",
                "https://modelscope.cn/models/Acme/Tiny/file/view/master/config.json   | MODEL   | true  | master | config.json",
                "https://modelscope.cn/models/Acme/Tiny/file/view/master/a%2Fb.md?s=1  | MODEL   | true  | master | a/b.md",
                "https://modelscope.cn/models/Acme/Tiny/file/view/v2?fileName=a.md     | MODEL   | true  | v2     | a.md",
                "https://modelscope.cn/models/Acme/Tiny/file/view/v2?status=1&fileName=w%2Fa%20b.md | MODEL | true | v2 | w/a b.md",
                "https://modelscope.cn/models/Acme/Tiny/file/view/v2?fileName=w%252Fa.md&status=1 | MODEL | true | v2 | w/a.md",
                "https://modelscope.cn/models/Acme/Tiny/files?version=v2               | MODEL   | true  | v2     | -",
                "https://modelscope.cn/api/v1/models/Acme/Tiny/repo?Revision=v2&FilePath=w%2Fa.md | MODEL | true | v2 | w/a.md",
                "https://modelscope.cn/api/v1/datasets/Acme/Tiny/repo?Source=SDK&Revision=v2&FilePath=a.csv&View=False | DATASET | true | v2 | a.csv",
                "https://modelscope.cn/api/v1/models/Acme/Tiny/repo/files?Revision=v2&Root=onnx | MODEL | true | v2 | onnx/",
                "https://modelscope.cn/models/Acme/Tiny/tree/master/onnx               | MODEL   | true  | master | onnx/",
                "https://modelscope.cn/models/Acme/Tiny/resolve/v1.0.1/w/m.safetensors | MODEL   | true  | v1.0.1 | w/m.safetensors",
                "https://modelscope.cn/datasets/Acme/Tiny                              | DATASET | true  | -      | -",
                "https://modelscope.cn/datasets/Acme/Tiny/file/view/master/x.csv       | DATASET | true  | master | x.csv",
                "https://modelscope.cn/api/v1/models/Acme/Tiny                          | MODEL   | true  | -      | -",
                "https://www.modelscope.cn/Acme/Tiny.git                               | MODEL   | false | -      | -",
                "https://www.modelscope.cn/datasets/Acme/Tiny.git                      | DATASET | true  | -      | -",
            })
    void aModelScopePageIsUnderstood(String page, RepoType type, boolean typed, String revision, String file) {
        Address address = Address.parse(page);

        assertThat(address).isEqualTo(new Address(new Repo(type, "Acme/Tiny", "modelscope"), typed, revision, file));
    }

    @Test
    void surroundingBlanksOfAPasteDoNotMatter() {
        assertThat(Address.parse("  acme/tiny\n")).isEqualTo(Address.parse("acme/tiny"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "/",
                "@main",
                "acme/tiny@",
                "acme/tiny@ ",
                "a/b/c",
                "acme/tiny/config.json",
                ".hidden/name",
                "./models/tiny",
                "../tiny",
                "acme/-tiny",
                "acme/tiny model",
                "acme\\tiny",
                "https://",
                "https://huggingface.co",
                "https://huggingface.co/",
                "https://huggingface.co/datasets",
                "https://huggingface.co/tree/main",
                "https://modelscope.cn/models/Acme",
                "https://modelscope.cn/",
                "https://example.org/acme/tiny",
                "https://huggingface.co.example.org/acme/tiny",
                "https://user:secret@huggingface.co/acme/tiny",
                "ftp://huggingface.co/acme/tiny",
                "s3://acme/tiny",
                "hf://",
                "hf://gpt2",
                "hf://acme/tiny@",
                "hf://datasets/squad",
                "modelscope://Acme",
                "hf://buckets/acme/tiny",
                "buckets/acme/tiny",
                "https://huggingface.co/buckets/acme/tiny",
                "https://huggingface.co/buckets/acme/tiny/tree/a",
                "kernels/acme/tiny",
                "kernels/tiny",
                "hf://kernels/acme/tiny@main",
                "https://huggingface.co/kernels/acme/tiny",
                "https://huggingface.co/collections/acme/tiny-0123",
                "collections/acme",
                "papers/2401.00001",
                "https://hf-mirror.com/papers/2401.00001",
                "https://huggingface.co/docs",
                "https://huggingface.co/blog/news",
                "https://modelscope.cn/studios/Acme/Tiny",
                "https://www.modelscope.ai/models/Acme/Tiny",
                "modelscope.ai/models/Acme/Tiny",
                "modelscope://studios/Acme/Tiny",
                "https://modelscope.cn/organization/Acme",
                "https://huggingface.co/acme/tiny/unheard-of",
                "https://huggingface.co/acme/tiny/blob",
                "https://huggingface.co/acme/tiny/tree/",
                "https://modelscope.cn/models/Acme/Tiny/file/view",
                "hf://acme/tiny?token=secret",
                "acme/tiny?token=secret",
                "hf://acme:x/tiny",
                "https://huggingface.co/acme/tiny/unheard-of/main/a.bin",
                "https://huggingface.co/acme/tiny/viewer/default/train",
                "https://huggingface.co/acme/tiny/discussions/new",
                "https://huggingface.co/acme/tiny/discussions/7/unheard-of",
                "https://huggingface.co/api/models/acme/tiny/paths-info/main",
                "https://modelscope.cn/models/Acme/Tiny/unheard-of/master",
                "https://huggingface.co:8443/acme/tiny",
                "git@github.com:acme/tiny.git",
                "https://cdn-lfs.huggingface.co/acme/tiny?Signature=secret",
                "user:secret@huggingface.co/acme/tiny",
                "https://user:se/secret@huggingface.co/acme/tiny",
                "https://oauth2:secret@www.modelscope.cn/Acme/Tiny.git",
                "ssh://git:secret@hf.co/acme/tiny",
                "hf://user:secret@acme",
                "ftp://user:secret@example.org/acme/tiny",
                "modelscope://",
            })
    void anythingElseIsAUsageErrorThatShowsTheWayOut(String text) {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> Address.parse(text))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(2);
                    assertThat(e.hint()).isNotBlank();
                    assertThat(e.getMessage()).doesNotContain("secret");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf://buckets/acme/tiny",
                "kernels/acme/tiny",
                "https://huggingface.co/collections/acme/tiny-0123",
                "https://huggingface.co/papers/2401.00001",
            })
    void whatIsNoRepositoryIsCalledUnsupported(String text) {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> Address.parse(text))
                .withMessageContaining("not supported");
    }

    @Test
    void aPartThatIsNotUnderstoodIsNamed() {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> Address.parse("https://huggingface.co/acme/tiny/unheard-of/x"))
                .withMessageContaining("unheard-of");
    }

    @Test
    void aForeignPageIsNamedAndTheOptionForOtherHubsIsOffered() {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> Address.parse("https://example.org/acme/tiny"))
                .withMessageContaining("https://example.org/acme/tiny")
                .satisfies(e -> assertThat(e.hint()).contains("endpoint"));
    }

    @Test
    void theLocaleOfTheMachineDoesNotMatter() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr"));
        try {
            assertThat(Address.parse("HTTPS://HUGGINGFACE.CO/acme/tiny").repo())
                    .isEqualTo(Repo.of(RepoType.MODEL, "acme/tiny"));
        } finally {
            Locale.setDefault(before);
        }
    }
}
