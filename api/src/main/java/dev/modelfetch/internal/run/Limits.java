package dev.modelfetch.internal.run;

import java.time.Duration;

/** Every number of the engine, with its reason. */
public final class Limits {

    private Limits() {}

    // --- race (mirrors.md 5.9, step 1)

    /** A proxy may add so much to a probe's own time. */
    public static final Duration PROXIED = Duration.ofSeconds(3);

    /** For a look at everything: longer than a slow probe through a proxy, shorter than anybody's patience. */
    public static final Duration EXAMINATION = Duration.ofSeconds(9);

    /** To say whether a file could be had: who takes longer is taken to send it. */
    public static final Duration ADMITTANCE = Duration.ofSeconds(5);

    /** Between two starts: a little more eager than RFC 8305, since at most four hosts are asked, once per job. */
    public static final Duration STAGGER = Duration.ofMillis(150);

    /** What one source may take for its first answer; by then the slowest probe has ended, unless the user wants more. */
    public static final Duration RACE = Duration.ofSeconds(8);

    /** How long a favourite may take until others are asked; one that has died costs no more. */
    public static final Duration LONGEST_HEAD_START = Duration.ofMillis(600);

    /** What a job is taken to want before it is known (mirrors.md 5.9, step 2: below, the time to the answer counts most). */
    public static final long USUAL_JOB = 32L << 20;

    /** In bytes per second, of whom nothing is known (mirrors.md 5.9, step 2). */
    public static final double USUAL_RATE = 4 << 20;

    /** A hub that answers at all has answered by then, or is no good for a race. */
    public static final Duration LONG_SILENCE = Duration.ofSeconds(1);

    /** Who is not known, and has not answered by then, keeps those no longer waiting that are only asked when nobody else will do. */
    public static final Duration HOPE = Duration.ofMillis(1_500);

    /** No more is asked for only to look: larger measurements are made on bytes that are kept (mirrors.md 5.8). */
    public static final int SAMPLE = 64 << 10;

    /** After the first usable answer, half its time again for the others, but within these bounds. */
    public static final Duration SHORTEST_GRACE = Duration.ofMillis(100);

    public static final Duration LONGEST_GRACE = Duration.ofMillis(400);

    /** Two answers whose times differ by less are a tie, and trust decides. */
    public static final double TIE = 1.25;

    /** Rounds of a race in which nobody was usable but somebody may be soon. */
    public static final int ROUNDS = 3;

    /** Whoever asks the same within this time waits for the first answer; one that takes longer may never come. */
    public static final Duration SHARED_QUESTION = Duration.ofSeconds(1);

    /** A failure faster than this was a refusal or a reset and may pass; a slower one was silence and would repeat. */
    public static final long QUICK_FAILURE_MILLIS = 1_000;

    // --- code that came with a source

    /** To be made, and to say who it is, for which it may connect to nothing. */
    public static final Duration OPENING = Duration.ofSeconds(5);

    /** To explain an answer, of which it may read the body. */
    public static final Duration EXPLANATION = Duration.ofSeconds(30);

    /** For a first answer, beyond any deadline of those who wait for it: what takes longer will not return. */
    public static final Duration LONGEST_ANSWER = Duration.ofMinutes(5);

    /** For a list: an hour, like the bounds that sources set themselves, and time to be done with it. */
    public static final Duration LONGEST_LISTING = Duration.ofMinutes(65);

    // --- manifests

    /** A list that has not come by then may never come, and another source is asked for its own beside it. */
    public static final Duration SILENT_LISTING = Duration.ofSeconds(4);

    /** How long a job waits for a Hub listing that can prove a namesake, once its own source is found. */
    public static final Duration PROOF = Duration.ofMillis(1_500);

    /** How long it waits for further listings that only add trust and alternatives. */
    public static final Duration VOUCHERS = Duration.ofSeconds(1);

    // --- transfer

    /** A smaller file travels in one request: a second connection costs more than it brings. */
    public static final long SMALL_FILE = 8L << 20;

    /** So many files in flight at most, unless somebody asks for more: no hub takes more connections gladly. */
    public static final int MOST_FILES = 32;

    /** Requests are never cut smaller, so that a 250 ms round trip stays cheap. */
    public static final long SMALLEST_PIECE = 4L << 20;

    /** From this size on a job asks also those sources for help that a quick race had not come to. */
    public static final long WORTH_SEVERAL_SOURCES = 64L << 20;

    /** Nor larger: the digest follows the front of the file, and pieces end up behind it. */
    public static final long LARGEST_PIECE = 64L << 20;

    /** What one read hands to one write; larger gains nothing, smaller costs system calls. */
    public static final int BUFFER = 256 << 10;

    /** A connection that has brought this much, and brings this much a second, fills a buffer in a moment. */
    public static final long FAST_BYTES = 1L << 20;

    /**
     * In place of a small file, so much is read of an answer without a length that is labelled as a page or as JSON: more
     * than any page in front of a network has.
     */
    public static final int LONGEST_PAGE = 1 << 20;

    /**
     * A Hub's storage serves files of 96 GB over plain HTTP and refuses those above some 400 GB with 400; where between is
     * not known (huggingface.md 1.10).
     */
    public static final long LARGEST_PLAIN = 100_000_000_000L;

    /** A signed link is used again within this time only; ModelScope's live for little more than a minute. */
    public static final Duration SIGNED_LINK = Duration.ofMinutes(1);

    /** How long one worker of a large file holds back for a source that has not answered yet. */
    public static final Duration EXPLORE = Duration.ofSeconds(2);

    /** How long bytes are counted before the job's rate is judged. */
    public static final Duration WINDOW = Duration.ofMillis(500);

    /** Connections need this long to get up to speed before more of them are judged. */
    public static final Duration TRIAL = Duration.ofSeconds(1);

    /** A trial with fewer would hardly show above the noise, and take long to get anywhere. */
    public static final int FEWEST_MORE = 4;

    /** More connections must bring at least five percent more, which is above the noise of a steady line. */
    public static final double WORTH_IT = 1.05;

    /** A change that did not pay is not tried again sooner. */
    public static final Duration HOLD = Duration.ofSeconds(10);

    /** Weight of the newest window in a connection's rate. */
    public static final double SMOOTHING = 0.3;

    /** So much faster a lower ranked source must be to overtake; hysteresis (mirrors.md 5.9, step 5). */
    public static final double CLEARLY_FASTER = 1.5;

    /** A piece of a file keeps one connection busy for about so many seconds, so that a slow one holds up nobody. */
    public static final int PIECE_SECONDS = 8;

    /** Nor for less, while there is as much: each begins with a round trip. The end of a file is split anyway. */
    public static final int SHORT_PIECE_SECONDS = 2;

    /** A piece under way is worth splitting if it would take longer than this. */
    public static final double WORTH_SPLITTING_SECONDS = 1.0;

    /** A new request is not judged by what it has brought before this time. */
    public static final double FAIR_CHANCE_SECONDS = 1.5;

    /** Nothing smaller is split off: it would cost a request for less than a round trip's worth of bytes. */
    public static final long SMALLEST_SPLIT = 256 << 10;

    /** A connection that brings less, in bytes per second, for so long, is left if another source has the file. */
    public static final double FLOOR = 64 << 10;

    public static final Duration FLOOR_TIME = Duration.ofSeconds(20);

    /** Between two progress events of one file. */
    public static final Duration PROGRESS = Duration.ofMillis(100);

    /** How often to look whether another job or process has finished the same file. */
    public static final Duration LOCK_POLL = Duration.ofMillis(200);

    /** Who waits longer for another's file wants to know why; most such waits are shorter. */
    public static final Duration TELL_WAITING = Duration.ofSeconds(1);

    /** What it may take to find out what somebody may have meant whose repository does not exist. */
    public static final Duration AFTERTHOUGHT = Duration.ofSeconds(2);

    /** How often it is told how far the digest of a file is that was here before. */
    public static final Duration TELL_HASHING = Duration.ofSeconds(1);

    /** How long a worker waits for a place at once, before it looks whether its file still needs it. */
    public static final Duration PLACE_PATIENCE = Duration.ofMillis(200);

    /** How often a worker that holds back looks whether a new source has answered; it wastes a connection meanwhile. */
    public static final Duration EXPLORE_POLL = Duration.ofMillis(50);

    /** How often a worker for small files looks whether there is still one for it. */
    public static final Duration ROOM_POLL = Duration.ofMillis(200);

    /** How long a worker without a piece waits before one under way may be split for it: most ends come by themselves. */
    public static final Duration PIECE_PATIENCE = Duration.ofMillis(200);

    /** After a push-back: its connection is closed by then, and others of the source go on. */
    public static final Duration PUSH_BACK_PAUSE = Duration.ofMillis(200);

    /** Refusals of one file that may be meant for the number of connections; after as many they are meant for the file. */
    public static final int PUSH_BACKS = 3;

    /** A data host that refuses a fresh link is asked with another one, and then it is in trouble (huggingface.md 8.5). */
    public static final int RETRIES_OF_LINKS = 2;

    /** A page or a complaint in place of a file is mostly gone at the next attempt; another file is not. */
    public static final int RETRIES_OF_LENGTH = 2;

    /** Whoever asks for a second pause after the first is not what an impatient job waits for. */
    public static final int RETRIES_OF_LIMITED = 1;

    /** Every attempt costs half a minute of silence, and hosts that swallow connections go on doing so. */
    public static final int RETRIES_OF_SILENCE = 2;

    // --- outages

    /** How often the job is looked at as a whole. */
    public static final Duration WATCH = Duration.ofMillis(200);

    /** Nobody who waits looks less often; more time than this at once was slept through. */
    public static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

    /** After a sleep, connections that still live show it within this time. */
    public static final Duration AFTER_SLEEP = Duration.ofSeconds(2);

    /** One connection has failed, others of the same host are open: if none of them brings anything by then, it is out. */
    public static final Duration SUSPICION = Duration.ofSeconds(1);

    /** What another connection brings sooner after a failure was sent before it. */
    public static final Duration UNDER_WAY = Duration.ofMillis(100);

    /** A host whose connections bring nothing for so long is left, where another has the same. */
    public static final Duration SILENT = Duration.ofMillis(2_500);

    /**
     * A lone host that has delivered and falls silent is asked anew: an outage that drops packets is over long before a
     * read is given up. Twice as long the next time, up to the time a read has.
     */
    public static final Duration SILENT_ALONE = Duration.ofSeconds(8);

    /** Whoever is given more time for a read than this needs it, or was given it by the user. */
    public static final Duration USUAL_SILENCE = Duration.ofSeconds(30);

    /** What the first trial of a host may take until it brings something, where others deliver meanwhile; doubles. */
    public static final Duration FIRST_TRIAL = Duration.ofSeconds(3);

    /** What a host that was out is tried with. */
    public static final long TRIAL_PIECE = 1L << 20;

    /** A host in trouble is tried no less often than this where nobody is waiting for it. */
    public static final Duration LONGEST_ABSENCE = Duration.ofMinutes(1);

    /** How long a line that may be metered is spared after the best one failed: most failures are over by then. */
    public static final Duration DETOUR = Duration.ofSeconds(3);

    /** Shorter pauses are not worth a word. */
    public static final Duration WORTH_TELLING = Duration.ofSeconds(3);

    /** What is left and would take longer is worth asking others for help. */
    public static final double LONG_SECONDS = 3.0;

    /** A connection that brings less than this share of what another source's bring is left; after so many seconds. */
    public static final double CRAWLING = 0.1;

    public static final Duration CRAWL_TIME = Duration.ofSeconds(3);

    /** How long whoever crawls is left alone at first. */
    public static final Duration CRAWL_REST = Duration.ofSeconds(20);

    /** Progress is told so often also while there is none. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(1);

    /** A digest that lags behind by less is no news. */
    public static final long HASH_LAG = 128L << 20;

    /** While a job waits, those who could not be reached at its start are asked again, and so are other versions. */
    public static final Duration ASK_AGAIN = Duration.ofSeconds(10);

    /** How often whoever is held back by a rate limit looks whether it is still the same. */
    public static final Duration THROTTLE_SLICE = Duration.ofMillis(200);

    /** What may pass a rate limit at once after a pause: enough for one buffer, little enough to hold the rate. */
    public static final Duration BURST = Duration.ofMillis(250);

    /**
     * Every connection reads a slice before it asks the rate limit, so all of them together may be so many slices ahead:
     * with forty connections a fifth of a second.
     */
    public static final int SLICES_PER_SECOND = 200;

    /** Smaller slices would cost more system calls than they smooth. */
    public static final int SMALLEST_SLICE = 1 << 10;

    /** After a failure, how long files in flight have to note down what they have. */
    public static final Duration FAREWELL = Duration.ofMillis(800);

    /** How long a caller that was interrupted waits for its job to have told its end: the farewell, and as much again. */
    public static final Duration LAST_WORD = Duration.ofMillis(1_600);

    /** Room left on the disk beyond what is fetched, but no more than that takes: file system bookkeeping. */
    public static final long SPARE_BYTES = 16L << 20;

    /** What a source has brought less of says nothing about it: the line was still getting up to speed. */
    public static final long WORTH_REMEMBERING = 8L << 20;

    /** After so many bytes the disk is asked to take them: less would interrupt the hash, more would be felt at the end. */
    public static final long WRITE_BACK = 32L << 20;

    /** Above this the digest is computed beside the transfer; below, a thread costs more than the hash. */
    public static final long HASH_BESIDE = 4L << 20;

    // --- reading while a file is filled

    /** Around a range of a file that nobody has so much is fetched, as its reader goes on reading. */
    public static final long READ_AHEAD = 8L << 20;

    /** Withheld until the digest has been compared: whoever has less than all of a file knows that something is missing. */
    public static final int PROVED_TAIL = 64 << 10;

    /** Nor does anybody read further ahead of the digest: the last wait stays short where hashing is slower than the line. */
    public static final long AHEAD_OF_DIGEST = 256L << 20;

    /** A reader of so little at the end of a large file looks up a table of contents, and does not go on to all of it. */
    public static final long GLIMPSE = 1L << 20;

    /** A reader that would otherwise get nothing is given one byte so often: many give up after ten seconds of silence. */
    public static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

    /** A reader that has waited so long for its place in a file is helped to it. */
    public static final Duration HASTEN = Duration.ofMillis(500);

    /** How often a file that is filled looks for its readers: one that has gone may come back in a moment. */
    public static final Duration LINGER = Duration.ofSeconds(2);

    /** Other programs store in the same cache, so it is measured anew before something is stored, but no more often. */
    public static final Duration LOOK_AT_ROOM = Duration.ofSeconds(30);

    /** What a hub says of a repository is asked for no longer than this: most of it can be said without it. */
    public static final Duration DESCRIPTION = Duration.ofSeconds(4);

    /** What is known of a caller's access to a repository holds so long; a refusal, less. */
    public static final Duration GRANTED = Duration.ofMinutes(1);

    public static final Duration REFUSED = Duration.ofSeconds(10);

    /** A repository that nobody has is not asked for again at once. */
    public static final Duration ABSENT = Duration.ofMinutes(1);

    /** A branch whose refresh has failed is not asked for again at once. */
    public static final Duration REFRESH_PAUSE = Duration.ofSeconds(10);
}
