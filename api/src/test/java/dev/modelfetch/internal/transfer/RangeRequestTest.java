package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelfetch.FetchException;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.run.Limits;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FakeSource;
import dev.modelfetch.internal.testing.FileHost;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;

class RangeRequestTest extends RangeRequestBench {

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
    void aRefusedRangeMayPass() {
        host.next(FileHost.status(416, "Content-Range", "bytes */1000"));

        assertNonsense(fault(100, 200), "HTTP 416");
        assertThat(source.explained()).isZero();
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

        Opened opened = ranges.open(offer(FILE, "hf_secret"), 100, 200, null, call -> {});

        assertThat(all(opened)).isEqualTo(Bytes.part(CONTENT, 100, 200));
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
    void aBackEndThatBreaksIsAFailureOfItsSource() {
        Error broken = new NoSuchMethodError("okhttp3.HttpUrl.newBuilder()");
        source.breaking(broken);
        Fault asking = fault(0, 1_000);
        host.next(FileHost.status(404));
        source.breaking(null).breakingToExplain(broken);
        Fault explaining = fault(0, 1_000);

        assertThat(asking.isPassing()).isFalse();
        assertThat(asking.kind()).isEqualTo(Fault.Kind.BACK_END);
        assertThat(asking.verdict()).isInstanceOf(Verdict.Broken.class);
        assertThat(asking.verdict().detail())
                .startsWith("handing out bytes failed: java.lang.NoSuchMethodError: okhttp3.HttpUrl.newBuilder(), at ");
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
}
