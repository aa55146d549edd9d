package dev.modelfetch.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelfetch.FetchException;
import dev.modelfetch.Manifest;
import dev.modelfetch.Probe;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Snapshot;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Sources;
import dev.modelfetch.internal.testing.FakeProvider;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import dev.modelfetch.internal.testing.QuietLog;
import dev.modelfetch.spi.ByteRange;
import dev.modelfetch.spi.ByteStream;
import dev.modelfetch.spi.ModelSource;
import dev.modelfetch.spi.ModelSourceProvider;
import dev.modelfetch.spi.Resolved;
import dev.modelfetch.spi.SourceContext;
import dev.modelfetch.spi.SourceException;
import dev.modelfetch.spi.SourceProfile;
import dev.modelfetch.spi.Trust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A source from elsewhere may do anything: the job goes on with others, and its author is told where to look. */
@Timeout(120)
class MisbehavingSourceTest extends EngineBench {

    /** What somebody else's code may do in place of an answer. */
    enum How {
        NULL(" returned null") {
            @Override
            <T> @Nullable T insteadOf(T answer) {
                return null;
            }
        },
        RUNTIME("java.lang.IllegalStateException: an odd row") {
            @Override
            <T> T insteadOf(T answer) {
                throw new IllegalStateException("an odd row");
            }
        },
        LINKAGE("java.lang.NoClassDefFoundError: com/acme/Client") {
            @Override
            <T> T insteadOf(T answer) {
                throw new NoClassDefFoundError("com/acme/Client");
            }
        },
        STACK("java.lang.StackOverflowError") {
            @Override
            <T> T insteadOf(T answer) {
                return valueOf("STACK").insteadOf(answer);
            }
        },
        MEMORY("java.lang.OutOfMemoryError: as if") {
            @Override
            <T> T insteadOf(T answer) {
                throw new OutOfMemoryError("as if");
            }
        };

        private final String words;

        How(String words) {
            this.words = words;
        }

        abstract <T> @Nullable T insteadOf(T answer);
    }

    /** Where it does so. */
    enum Where {
        CREATE,
        PROFILE,
        RESOLVE,
        LIST,
        OPEN,
        REQUEST,
        READ,
        EXPLAIN;
    }

    static Stream<Arguments> everywhere() {
        List<Arguments> all = new ArrayList<>();
        for (Where where : Where.values()) {
            for (How how : How.values()) {
                if (where != Where.READ || how != How.NULL) {
                    all.add(Arguments.of(where, how));
                }
            }
        }
        return all.stream();
    }

    private final FileHost refusing = new FileHost();
    private final FakeSource mirror = FakeSource.mirror(host.url()).listing(CONFIG_ROW, EMPTY_ROW, WEIGHTS_ROW);
    private final QuietLog quiet = new QuietLog(Sources.class);

    @AfterEach
    void stop() {
        refusing.close();
        quiet.close();
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void theJobGoesOnWithOthers(Where where, How how) {
        engine(List.of(provider(where, how), FakeProvider.of(mirror)));

        Snapshot result = fetch(request());

        assertThat(result.path().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(result.files())
                .allMatch(file -> file.size() == 0 || file.from().equals(List.of("mirror")));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void aloneItIsToldWhereItBroke(Where where, How how) {
        engine(List.of(provider(where, how)));

        FetchException e =
                catchThrowableOfType(FetchException.class, () -> fetch(request().patience(Duration.ofMinutes(10))));

        assertThat(e).isInstanceOf(FetchException.Unreachable.class).hasMessageContaining(how.words);
        assertThat(e.probes()).extracting(Probe::source).contains("odd");
        if (how != How.NULL) {
            assertThat(e).hasMessageContaining(", at " + MisbehavingSourceTest.class.getName());
            assertThat(causes(e))
                    .anyMatch(cause -> how.words.startsWith(cause.getClass().getName()));
        }
    }

    @ParameterizedTest
    @EnumSource(How.class)
    void aComplaintThatBreaksLeavesTheLengthToSayEnough(How how) {
        refusing.usually("/files/model.safetensors", FileHost.whole(CONFIG));
        engine(List.of(
                provider(new Odd() {
                    @Override
                    public Optional<Verdict> complaint(Response response) {
                        return how.insteadOf(Optional.empty());
                    }
                }),
                FakeProvider.of(mirror)));

        Snapshot result = fetch(request());

        assertThat(result.files().get(2).from()).containsExactly("mirror");
    }

    @Test
    void anInterruptThatItLeavesBehindReachesNobody() {
        engine(List.of(
                provider(new Odd() {
                    @Override
                    public Resolved resolve(Repo repo, @Nullable String revision) throws SourceException {
                        Thread.currentThread().interrupt();
                        throw SourceException.trouble("was interrupted");
                    }
                }),
                FakeProvider.of(mirror)));

        assertThat(fetch(request()).source()).isEqualTo("mirror");
    }

    @Test
    void whatItListsInSomebodyElsesNameIsNotBelieved() {
        engine(List.of(
                provider(new Odd() {
                    @Override
                    public Manifest list(Resolved resolved) {
                        return new Manifest(
                                "mirror",
                                "huggingface",
                                resolved.repo(),
                                resolved.revision(),
                                resolved.commit(),
                                List.of(CONFIG_ROW),
                                true);
                    }
                }),
                FakeProvider.of(mirror)));

        Snapshot result = fetch(request());

        assertThat(result.source()).isEqualTo("mirror");
        assertThat(detail(result)).isEqualTo("its list is of the source mirror, not of odd as promised");
    }

    @Test
    void aCommitThatCannotBeAFolderIsItsVerdict() {
        engine(List.of(
                provider(new Odd() {
                    @Override
                    public Resolved resolve(Repo repo, @Nullable String revision) {
                        return Resolved.of(repo, "main", "../../etc");
                    }
                }),
                FakeProvider.of(mirror)));

        Snapshot result = fetch(request());

        assertThat(result.source()).isEqualTo("mirror");
        assertThat(detail(result)).startsWith("names a commit that cannot be stored: \"../../etc\"");
    }

    @Test
    void aNameThatMustNotBeStoredIsTheFaultOfWhoListsIt() {
        RepoFile hostile = RepoFile.of("../outside.txt", 3);
        List<ModelSourceProvider> both = List.of(
                provider(new Odd() {
                    @Override
                    public Manifest list(Resolved resolved) {
                        return resolved.manifest(profile(), List.of(CONFIG_ROW, hostile));
                    }
                }),
                FakeProvider.of(mirror));
        engine(both);

        Snapshot result = fetch(request());

        assertThat(result.source()).isEqualTo("mirror");
        assertThat(result.path().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(detail(result)).contains("\"../outside.txt\", which is not safe to store here");
    }

    @Test
    void whereNobodyListsBetterTheUnsafeNameIsTheError() {
        RepoFile hostile = RepoFile.of("../outside.txt", 3);
        mirror.listing(hostile);
        engine(mirror);

        FetchException e = catchThrowableOfType(FetchException.class, () -> fetch(request()));

        assertThat(e).isInstanceOf(FetchException.Storage.class).hasMessageContaining("../outside.txt");
    }

    @Test
    void itIsClosedWithTheEngineAndHarmsNobodyByThat() {
        List<String> closed = new ArrayList<>();
        engine(List.of(
                provider(new Odd() {
                    @Override
                    public void close() {
                        closed.add("odd");
                        throw new IllegalStateException("closed twice");
                    }
                }),
                FakeProvider.of(mirror)));
        fetch(request());

        engine.close();

        assertThat(closed).containsExactly("odd");
    }

    private static String detail(Snapshot result) {
        return result.probes().stream()
                .filter(probe -> probe.source().equals("odd"))
                .map(probe -> probe.verdict().detail())
                .findFirst()
                .orElseThrow();
    }

    /** All exceptions that travel with it. */
    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> all = new ArrayList<>();
        for (Throwable next : failure.getSuppressed()) {
            all.addAll(causes(next));
        }
        if (failure.getCause() != null) {
            all.addAll(causes(failure.getCause()));
        }
        all.add(failure);
        return all;
    }

    private ModelSourceProvider provider(Odd odd) {
        return provider(context -> {
            odd.context = context;
            return odd;
        });
    }

    private ModelSourceProvider provider(Where where, How how) {
        return provider(context -> {
            Odd odd = new Breaking(where, how);
            odd.context = context;
            return where == Where.CREATE ? how.insteadOf(odd) : odd;
        });
    }

    private ModelSourceProvider provider(java.util.function.Function<SourceContext, ModelSource> create) {
        return new ModelSourceProvider() {
            @Override
            public String id() {
                return "odd";
            }

            @Override
            public String defaultEndpoint() {
                return refusing.url().toString();
            }

            @Override
            public ModelSource create(SourceContext context) {
                return create.apply(context);
            }
        };
    }

    /** The best source there is, and it would have everything. */
    private static class Odd implements ModelSource {

        private SourceContext context;

        @Override
        public SourceProfile profile() {
            return SourceProfile.of(context).withFamily(SourceProfile.HUB).withTrust(Trust.ORIGIN);
        }

        @Override
        public Resolved resolve(Repo repo, @Nullable String revision) throws SourceException {
            return Resolved.of(repo, "main", FakeSource.COMMIT);
        }

        @Override
        public Manifest list(Resolved resolved) {
            return resolved.manifest(profile(), List.of(CONFIG_ROW, EMPTY_ROW, WEIGHTS_ROW));
        }

        @Override
        public Request request(Manifest manifest, RepoFile file) {
            return new Request.Builder()
                    .url(context.url().resolve("files/" + file.path()))
                    .build();
        }
    }

    private static final class Breaking extends Odd {

        private final Where where;
        private final How how;

        Breaking(Where where, How how) {
            this.where = where;
            this.how = how;
        }

        @Override
        public SourceProfile profile() {
            return where == Where.PROFILE ? how.insteadOf(super.profile()) : super.profile();
        }

        @Override
        public Resolved resolve(Repo repo, @Nullable String revision) throws SourceException {
            return where == Where.RESOLVE
                    ? how.insteadOf(super.resolve(repo, revision))
                    : super.resolve(repo, revision);
        }

        @Override
        public Manifest list(Resolved resolved) {
            return where == Where.LIST ? how.insteadOf(super.list(resolved)) : super.list(resolved);
        }

        @Override
        public Optional<ByteStream> open(Manifest manifest, RepoFile file, ByteRange range) throws IOException {
            InputStream stream = new ByteArrayInputStream(new byte[0]) {
                @Override
                public int read(byte[] into) {
                    throw new IllegalStateException(String.valueOf(how.insteadOf(0)));
                }
            };
            return where == Where.OPEN
                    ? how.insteadOf(Optional.empty())
                    : where == Where.READ ? Optional.of(ByteStream.of(range, stream)) : Optional.empty();
        }

        @Override
        public Request request(Manifest manifest, RepoFile file) {
            return where == Where.REQUEST
                    ? how.insteadOf(super.request(manifest, file))
                    : super.request(manifest, file);
        }

        @Override
        public Verdict explain(Response response) throws IOException {
            return how.insteadOf(super.explain(response));
        }
    }
}
