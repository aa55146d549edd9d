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
                "https://huggingface.co/acme/tiny/commits/main                    | MODEL   | acme/tiny | -         | -",
                "https://huggingface.co/acme/tiny/discussions/7                   | MODEL   | acme/tiny | -         | -",
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
                "https://www.modelscope.ai/models/Acme/Tiny/files                      | MODEL   | true  | -      | -",
                "http://modelscope.ai/models/Acme/Tiny                                 | MODEL   | true  | -      | -",
                "modelscope.cn/models/Acme/Tiny                                        | MODEL   | true  | -      | -",
                "https://modelscope.cn/models/Acme/Tiny/file/view/master/config.json   | MODEL   | true  | master | config.json",
                "https://modelscope.cn/models/Acme/Tiny/file/view/master/a%2Fb.md?s=1  | MODEL   | true  | master | a/b.md",
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
                "modelscope://",
            })
    void anythingElseIsAUsageErrorThatShowsTheWayOut(String text) {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> Address.parse(text))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(2);
                    assertThat(e.hint()).isNotBlank();
                });
    }

    @Test
    void aForeignPageIsNamedAndTheOptionForOtherHubsIsOffered() {
        assertThatExceptionOfType(FetchException.Usage.class)
                .isThrownBy(() -> Address.parse("https://example.org/acme/tiny"))
                .withMessageContaining("https://example.org/acme/tiny")
                .satisfies(e -> assertThat(e.hint()).contains("--endpoint"));
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
