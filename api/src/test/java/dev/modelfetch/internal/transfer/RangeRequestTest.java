package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelfetch.FetchException;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.run.Cancellation;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeRequestTest {

    private static final byte[] CONTENT = Bytes.random(1_000, 1);
    private static final RepoFile FILE = Bytes.large("sub dir/model.bin", CONTENT);

    private final FileHost host = new FileHost();
    private final FileHost data = new FileHost();
    private final FakeSource source = FakeSource.mirror(host.url());
    private final Cancellation cancellation = new Cancellation();
    private final AtomicLong clock = new AtomicLong();
    private final RangeRequest ranges = new RangeRequest(cancellation, clock::get);

    @AfterEach
    void close() {
        host.close();
        data.close();
    }

    @Test
    void aWholeFileIsAskedForWithoutARangeAndUncompressed() throws Exception {
        host.next(FileHost.ranged(CONTENT));

        assertThat(read(0, 1_000)).isEqualTo(CONTENT);

        RecordedRequest request = host.requests().get(0);
        assertThat(request.getHeaders().get("Range")).isNull();
        assertThat(request.getHeaders().values("Accept-Encoding")).containsExactly("identity");
        assertThat(request.getTarget()).isEqualTo("/files/sub%20dir/model.bin");
    }

    @Test
    void aPartIsAskedForAsAClosedRange() throws Exception {
        host.next(FileHost.ranged(CONTENT), FileHost.ranged(CONTENT));

        assertThat(read(100, 200)).isEqualTo(Bytes.part(CONTENT, 100, 200));
        assertThat(read(900, 1_000)).isEqualTo(Bytes.part(CONTENT, 900, 1_000));

        assertThat(host.ranges()).containsExactly("bytes=100-199", "bytes=900-999");
    }

    @Test
    void a200WithAContentRangeIsTheRange() throws Exception {
        host.next(request ->
                FileHost.partOf(CONTENT, 100, 200).status("HTTP/1.1 200 OK").build());

        assertThat(read(100, 200)).isEqualTo(Bytes.part(CONTENT, 100, 200));
    }

    @Test
    void a200WithoutContentRangeIsTheWholeFileFromItsStart() throws Exception {
        host.next(FileHost.whole(CONTENT));

        RangeRequest.Opened opened = open(100, 200);

        assertThat(opened.start()).isZero();
        assertThat(opened.response().body().bytes()).isEqualTo(CONTENT);
    }

    @Test
    void a206ThatLostItsContentRangeIsBelievedWhenItsLengthIsRight() throws Exception {
        host.next(request ->
                FileHost.partOf(CONTENT, 100, 200).removeHeader("Content-Range").build());

        assertThat(read(100, 200)).isEqualTo(Bytes.part(CONTENT, 100, 200));
    }

    @Test
    void a206WithoutContentRangeAndOfAnotherLengthIsNotBelieved() {
        host.next(request ->
                FileHost.partOf(CONTENT, 100, 150).removeHeader("Content-Range").build());

        assertNonsense(fault(100, 200), "206 without its range");
    }

    @Test
    void anotherRangeThanAskedForIsNotBelieved() {
        host.next(request -> FileHost.partOf(CONTENT, 0, 100).build());

        assertNonsense(fault(100, 200), "another range than asked for");
    }

    @Test
    void anUnknownTotalIsNoContradiction() throws Exception {
        host.next(request -> FileHost.partOf(CONTENT, 100, 200)
                .setHeader("Content-Range", "bytes 100-199/*")
                .build());

        assertThat(read(100, 200)).isEqualTo(Bytes.part(CONTENT, 100, 200));
    }

    @Test
    void aTotalThatDiffersFromTheListingEndsTheOffer() {
        host.next(request -> FileHost.partOf(Bytes.random(1_234, 2), 100, 200).build());

        Fault fault = fault(100, 200);

        assertThat(fault.isPassing()).isFalse();
        assertThat(fault.verdict()).isInstanceOf(Verdict.Blocked.class);
        assertThat(fault.verdict().detail())
                .contains("the file has 1234 bytes")
                .contains("the listing says 1000")
                .contains(host.url().host());
    }

    @Test
    void aWholeFileOfAnotherLengthEndsTheOfferToo() {
        host.next(FileHost.whole(Bytes.random(999, 2)));

        Fault fault = fault(0, 1_000);

        assertThat(fault.isPassing()).isFalse();
        assertThat(fault.verdict().detail()).contains("the file has 999 bytes");
    }

    @Test
    void aRefusedRangeMayPass() {
        host.next(FileHost.status(416, "Content-Range", "bytes */1000"));

        assertNonsense(fault(100, 200), "HTTP 416");
        assertThat(source.explained()).isZero();
    }

    @Test
    void aWebPageIsNotAFile() {
        host.next(request -> new MockResponse.Builder()
                .addHeader("Content-Type", "text/html; charset=utf-8")
                .body("<html>please log in</html>")
                .build());

        Fault fault = fault(0, 1_000);

        assertThat(fault.isPassing()).isFalse();
        assertThat(fault.verdict()).isInstanceOf(Verdict.Blocked.class);
        assertThat(fault.verdict().detail()).contains("a web page instead of the file");
    }

    @Test
    void aWebPageIsFineWhereTheFileIsOne() throws Exception {
        byte[] page = Bytes.of("<html>hello</html>");
        host.next(request -> new MockResponse.Builder()
                .addHeader("Content-Type", "text/html")
                .body(new Buffer().write(page))
                .build());
        RepoFile file = Bytes.small("docs/index.html", page);

        RangeRequest.Opened opened = ranges.open(offer(file, null), 0, page.length, null, call -> {});

        assertThat(opened.response().body().bytes()).isEqualTo(page);
    }

    @Test
    void aCompressedAnswerHasNoUsableRanges() {
        host.next(request -> new MockResponse.Builder()
                .addHeader("Content-Encoding", "gzip")
                .body(new Buffer().write(CONTENT))
                .build());

        Fault fault = fault(0, 1_000);

        assertThat(fault.isPassing()).isFalse();
        assertThat(fault.verdict().detail()).contains("compressed");
    }

    @Test
    void aBrokenConnectionMayPass() {
        host.next(FileHost.reset(), FileHost.reset());

        assertPassing(fault(0, 1_000), host.url().host());
    }

    @Test
    void aHostThatIsNotThereMayPass() {
        host.close();

        Fault fault = fault(0, 1_000);

        assertThat(fault.isPassing()).isTrue();
        assertThat(fault.verdict()).isInstanceOf(Verdict.Down.class);
        assertThat(((Verdict.Down) fault.verdict()).answered()).isFalse();
    }

    @Test
    void theSourceItselfExplainsWhyItsOwnHostRefused() {
        host.next(FileHost.status(404), FileHost.status(403), FileHost.status(503));

        Fault absent = fault(0, 1_000);
        Fault gated = fault(0, 1_000);
        Fault busy = fault(0, 1_000);

        assertThat(absent.verdict()).isEqualTo(new Verdict.NotHere(Verdict.What.FILE, "no such file at mirror"));
        assertThat(absent.isPassing()).isFalse();
        assertThat(gated.verdict()).isEqualTo(new Verdict.NeedsAuth("HTTP 403 at mirror"));
        assertThat(gated.isPassing()).isFalse();
        assertPassing(busy, "HTTP 503");
        assertThat(source.explained()).isEqualTo(3);
    }

    @Test
    void whatTheServerAskedToWaitIsKnown() {
        host.next(FileHost.status(429, "Retry-After", "7"));

        Fault fault = fault(0, 1_000);

        assertThat(fault.isPassing()).isTrue();
        assertThat(fault.asked()).contains(Duration.ofSeconds(7));
    }

    @Test
    void theTokenIsShownToTheSourceAndNotToTheDataHost() throws Exception {
        host.next(FileHost.redirect(signed("1")));
        data.answers("/blob", FileHost.ranged(CONTENT));

        RangeRequest.Opened opened = ranges.open(offer(FILE, "hf_secret"), 100, 200, null, call -> {});

        assertThat(opened.response().body().bytes()).isEqualTo(Bytes.part(CONTENT, 100, 200));
        assertThat(host.requests().get(0).getHeaders().get("Authorization")).isEqualTo("Bearer hf_secret");
        assertThat(data.requests().get(0).getHeaders().get("Authorization")).isNull();
        assertThat(data.ranges()).containsExactly("bytes=100-199");
    }

    @Test
    void aSignedLinkServesFurtherRangesWithoutAskingTheSourceAgain() throws Exception {
        host.next(FileHost.redirect(signed("1")));
        data.answers("/blob", FileHost.ranged(CONTENT));
        Offer offer = offer(FILE, null);

        read(offer, 0, 100);
        read(offer, 100, 200);
        read(offer, 200, 300);

        assertThat(host.requests()).hasSize(1);
        assertThat(data.ranges()).containsExactly("bytes=0-99", "bytes=100-199", "bytes=200-299");
    }

    @Test
    void anExpiredLinkIsRenewedThroughTheSourcesOwnAddress() throws Exception {
        host.next(FileHost.redirect(signed("old")), FileHost.redirect(signed("new")));
        data.next(FileHost.ranged(CONTENT), FileHost.status(403)).answers("/blob", FileHost.ranged(CONTENT));
        Offer offer = offer(FILE, "hf_secret");

        read(offer, 0, 100);
        assertThat(read(offer, 100, 200)).isEqualTo(Bytes.part(CONTENT, 100, 200));
        read(offer, 200, 300);

        assertThat(host.requests()).hasSize(2);
        assertThat(data.requests())
                .extracting(RecordedRequest::getTarget)
                .containsExactly("/blob?sig=old", "/blob?sig=old", "/blob?sig=new", "/blob?sig=new");
        assertThat(data.requests()).allMatch(request -> request.getHeaders().get("Authorization") == null);
        assertThat(source.explained()).isZero();
    }

    @Test
    void aSignedLinkIsNotUsedForLongerThanItMayLive() throws Exception {
        host.next(FileHost.redirect(signed("old")), FileHost.redirect(signed("new")));
        data.answers("/blob", FileHost.ranged(CONTENT));
        Offer offer = offer(FILE, null);

        read(offer, 0, 100);
        clock.addAndGet(Limits.SIGNED_LINK.toNanos());
        read(offer, 100, 200);

        assertThat(data.requests())
                .extracting(RecordedRequest::getTarget)
                .containsExactly("/blob?sig=old", "/blob?sig=new");
    }

    @Test
    void aDataHostThatWantsToBeAskedLessIsNotAskedTwiceAndItsLinkStays() throws Exception {
        host.next(FileHost.redirect(signed("1")));
        data.next(FileHost.ranged(CONTENT), FileHost.status(429, "Retry-After", "7"))
                .answers("/blob", FileHost.ranged(CONTENT));
        Offer offer = offer(FILE, null);
        read(offer, 0, 100);

        Fault limited = fault(offer, 100, 200);

        assertThat(limited.kind()).isEqualTo(Fault.Kind.LIMITED);
        assertThat(data.requests()).hasSize(2);
        assertThat(read(offer, 100, 200)).isEqualTo(Bytes.part(CONTENT, 100, 200));
        assertThat(host.requests()).hasSize(1);
    }

    @Test
    void silenceOnAKnownLinkCostsItsTimeOnceAndTheNextRequestAsksForAnother() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        host.next(FileHost.redirect(signed("old")), FileHost.redirect(signed("new")));
        data.next(FileHost.ranged(CONTENT), request -> {
                    never.await();
                    return FileHost.status(404).to(request);
                })
                .answers("/blob", FileHost.ranged(CONTENT));
        Offer offer = offer(FILE, null);
        read(offer, 0, 100);

        Fault silence = catchThrowableOfType(
                Fault.class, () -> ranges.open(offer, 100, 200, Duration.ofMillis(300), call -> {}));

        assertThat(silence.kind()).isEqualTo(Fault.Kind.SILENCE);
        assertThat(host.requests()).hasSize(1);
        assertThat(read(offer, 100, 200)).isEqualTo(Bytes.part(CONTENT, 100, 200));
        assertThat(host.requests()).hasSize(2);
        never.countDown();
    }

    @Test
    void troubleOfADataHostIsToldAsItIs() throws Exception {
        host.next(FileHost.redirect(signed("1")));
        data.next(FileHost.ranged(CONTENT), FileHost.status(503));
        Offer offer = offer(FILE, null);
        read(offer, 0, 100);

        assertThat(fault(offer, 100, 200).kind()).isEqualTo(Fault.Kind.TROUBLE);
        assertThat(host.requests()).hasSize(1);
    }

    @Test
    void aPartThatDoesNotSayWhichIsNotTakenAndFromThenOnTheWholeFileIsAskedFor() throws Exception {
        host.answers("/files/sub%20dir/model.bin", FileHost.unplaced(CONTENT));

        Offer offer = offer(FILE, null);

        Fault unplaced = fault(offer, 100, 200);
        RangeRequest.Opened whole = ranges.open(offer, 300, 400, null, call -> {});

        assertThat(unplaced.kind()).isEqualTo(Fault.Kind.UNPLACED);
        assertThat(whole.start()).isZero();
        assertThat(whole.response().body().bytes()).isEqualTo(CONTENT);
        assertThat(host.ranges()).containsExactly("bytes=100-199", "all");
    }

    @Test
    void a200ThatIsNeitherThePartNorTheWholeEndsTheOffer() {
        host.next(FileHost.whole(Bytes.random(150, 2)));

        Fault fault = fault(100, 200);

        assertThat(fault.kind()).isEqualTo(Fault.Kind.WRONG_LENGTH);
        assertThat(fault.verdict().detail()).contains("the file has 150 bytes");
    }

    @Test
    void anAnswerOfTheWrongLengthIsWorthAnotherAttemptAndNotANightOfThem() {
        host.next(FileHost.whole(new byte[0]));

        Fault fault = fault(0, 1_000);

        assertThat(fault.kind()).isEqualTo(Fault.Kind.WRONG_LENGTH);
        assertThat(fault.isPassing()).isFalse();
        assertThat(fault.retries()).isEqualTo(2);
    }

    @Test
    void whatTheSourceSaysInPlaceOfTheFileIsItsReason() {
        host.next(FileHost.whole(Bytes.of("complaint: database overloaded")));

        Fault fault = fault(0, 1_000);

        assertThat(fault.kind()).isEqualTo(Fault.Kind.WRONG_LENGTH);
        assertThat(fault.verdict().detail()).isEqualTo("complaint: database overloaded");
    }

    @Test
    void aDataHostHasNothingToSayForTheSource() {
        host.next(FileHost.redirect(signed("1")));
        data.next(FileHost.whole(Bytes.of("complaint: whose?")));

        assertThat(fault(0, 1_000).verdict().detail()).startsWith("the file has 17 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html; charset=utf-8", "application/json", "text/plain"})
    void aLabelSaysNothingAboutAFileOfTheRightLength(String label) throws Exception {
        Buffer body = new Buffer().write(CONTENT);
        host.next(
                request -> new MockResponse.Builder()
                        .addHeader("Content-Type", label)
                        .body(body.clone())
                        .build(),
                request -> new MockResponse.Builder()
                        .addHeader("Content-Type", label)
                        .chunkedBody(body.clone(), 64)
                        .build());

        assertThat(read(0, 1_000)).isEqualTo(CONTENT);
        assertThat(read(0, 1_000)).isEqualTo(CONTENT);
    }

    @Test
    void aPageWhoseLengthNobodyTellsIsMeasured() {
        host.next(request -> new MockResponse.Builder()
                .addHeader("Content-Type", "text/html")
                .chunkedBody("<html>please log in</html>", 8)
                .build());

        Fault fault = fault(0, 1_000);

        assertThat(fault.kind()).isEqualTo(Fault.Kind.WRONG_LENGTH);
        assertThat(fault.verdict().detail()).contains("a web page instead of the file");
    }

    @Test
    void whatIsTooLargeForPlainHttpIsSaidToNeedXet() {
        RepoFile huge = new RepoFile("huge.bin", 450_000_000_000L, Bytes.sha256(CONTENT), null, true);
        host.next(FileHost.redirect(signed("1")), FileHost.redirect(signed("2")));
        data.next(FileHost.status(400), FileHost.status(400));

        Fault tooLarge = fault(offer(huge, null), 0, 64 << 20);
        Fault small = fault(0, 1_000);

        assertThat(tooLarge.isPassing()).isFalse();
        assertThat(tooLarge.retries()).isZero();
        assertThat(tooLarge.verdict().detail())
                .startsWith("a file of 450 GB")
                .contains("only through Xet")
                .contains("HTTP 400 from " + data.url().host());
        assertThat(small.kind()).isEqualTo(Fault.Kind.LINK_REFUSED);
    }

    @Test
    void aBackEndThatBreaksIsAFailureOfItsSource() {
        Error broken = new NoSuchMethodError("okhttp3.HttpUrl.newBuilder()");
        source.breaking(broken);
        Fault asking = fault(0, 1_000);
        host.next(FileHost.status(404));
        source.breaking(null).breakingToExplain(broken);
        Fault explaining = fault(0, 1_000);

        assertThat(asking.isPassing()).isFalse();
        assertThat(asking.verdict().detail()).startsWith("source failed: ").contains("okhttp3.HttpUrl.newBuilder()");
        assertThat(asking).hasCause(broken);
        assertThat(explaining.kind()).isEqualTo(Fault.Kind.BACK_END);
        assertThat(explaining).hasCause(broken);
    }

    @Test
    void aDataHostThatRefusesAFreshLinkIsNoQuestionOfPermission() {
        host.next(FileHost.redirect(signed("1")));
        data.next(FileHost.status(403));

        Fault fault = fault(100, 200);

        assertPassing(fault, "HTTP 403 from data host");
        assertThat(fault.verdict().detail()).doesNotContain("sig");
        assertThat(source.explained()).isZero();
    }

    @Test
    void everySourceHasItsOwnSignedLink() throws Exception {
        FakeSource other = FakeSource.huggingface(host.url());
        Offer first = offer(FILE, null);
        Offer second = new Offer(other.source(), other.manifest(FILE), FILE);
        host.next(FileHost.redirect(signed("1")), FileHost.redirect(signed("2")));
        data.answers("/blob", FileHost.ranged(CONTENT));

        read(first, 0, 100);
        read(second, 100, 200);
        read(first, 200, 300);

        assertThat(data.requests())
                .extracting(RecordedRequest::getTarget)
                .containsExactly("/blob?sig=1", "/blob?sig=2", "/blob?sig=1");
    }

    @Test
    void aCancelledJobOpensNothing() {
        host.next(FileHost.ranged(CONTENT));
        cancellation.cancel();

        assertThatThrownBy(() -> open(0, 1_000)).isInstanceOf(FetchException.Cancelled.class);
    }

    private HttpUrl signed(String signature) {
        return data.url()
                .newBuilder()
                .addPathSegment("blob")
                .addQueryParameter("sig", signature)
                .build();
    }

    private byte[] read(int from, int to) throws Fault, IOException {
        return read(offer(FILE, null), from, to);
    }

    private byte[] read(Offer offer, int from, int to) throws Fault, IOException {
        RangeRequest.Opened opened = ranges.open(offer, from, to, null, call -> {});
        try {
            assertThat(opened.start()).isEqualTo(from);
            return opened.response().body().bytes();
        } finally {
            ranges.close(opened);
        }
    }

    private RangeRequest.Opened open(int from, int to) throws Fault {
        return ranges.open(offer(FILE, null), from, to, null, call -> {});
    }

    private Fault fault(int from, int to) {
        return catchThrowableOfType(Fault.class, () -> open(from, to));
    }

    private Fault fault(Offer offer, int from, int to) {
        return catchThrowableOfType(Fault.class, () -> ranges.open(offer, from, to, null, call -> {}));
    }

    /** Worth a few more attempts, but not a night of them. */
    private static void assertNonsense(Fault fault, String words) {
        assertThat(fault).isNotNull();
        assertThat(fault.kind()).isEqualTo(Fault.Kind.NONSENSE);
        assertThat(fault.retries()).isPositive();
        assertThat(fault.verdict().detail()).contains(words);
    }

    private static void assertPassing(Fault fault, String words) {
        assertThat(fault).isNotNull();
        assertThat(fault.isPassing()).isTrue();
        assertThat(fault.verdict()).isInstanceOf(Verdict.Down.class);
        assertThat(fault.verdict().detail()).contains(words);
    }

    private Offer offer(RepoFile file, String token) {
        return new Offer(source.source(token), source.manifest(file), file);
    }
}
