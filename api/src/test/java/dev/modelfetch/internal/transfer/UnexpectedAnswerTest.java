package dev.modelfetch.internal.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelfetch.RepoFile;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.testing.Bytes;
import dev.modelfetch.internal.testing.FileHost;
import mockwebserver3.MockResponse;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are not the part of the file that was asked for, and what is made of them. */
class UnexpectedAnswerTest extends RangeRequestBench {

    @Test
    void a200WithAContentRangeIsTheRange() throws Exception {
        host.next(request ->
                FileHost.partOf(CONTENT, 100, 200).status("HTTP/1.1 200 OK").build());

        assertThat(read(100, 200)).isEqualTo(Bytes.part(CONTENT, 100, 200));
    }

    @Test
    void a200WithoutContentRangeIsTheWholeFileFromItsStart() throws Exception {
        host.next(FileHost.whole(CONTENT));

        Opened opened = open(100, 200);

        assertThat(opened.start()).isZero();
        assertThat(all(opened)).isEqualTo(CONTENT);
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

        Opened opened = ranges.open(offer(file, null), 0, page.length, null, call -> {});

        assertThat(all(opened)).isEqualTo(page);
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
    void aPartThatDoesNotSayWhichIsNotTakenAndFromThenOnTheWholeFileIsAskedFor() throws Exception {
        host.answers("/files/sub%20dir/model.bin", FileHost.unplaced(CONTENT));

        Offer offer = offer(FILE, null);

        Fault unplaced = fault(offer, 100, 200);
        Opened whole = ranges.open(offer, 300, 400, null, call -> {});

        assertThat(unplaced.kind()).isEqualTo(Fault.Kind.UNPLACED);
        assertThat(whole.start()).isZero();
        assertThat(all(whole)).isEqualTo(CONTENT);
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
}
