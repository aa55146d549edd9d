package dev.modelfetch.internal.doctor;

import dev.modelfetch.Finding;
import dev.modelfetch.Finding.Check;
import dev.modelfetch.Hint;
import dev.modelfetch.Verdict;
import dev.modelfetch.internal.doctor.Seen.Data;
import dev.modelfetch.internal.doctor.Seen.Token;
import dev.modelfetch.internal.net.Sighting;
import dev.modelfetch.internal.net.Sighting.Place;
import dev.modelfetch.internal.net.Sighting.Trouble;
import java.util.ArrayList;
import java.util.List;

/**
 * What has been seen of one source, in findings. Only an answer of the hub itself counts: where there is one, whatever
 * is odd about the way there is in nobody's way (mirrors.md 5.6).
 */
final class Assessment {

    private static final Hint NAME_SERVER = Hint.of(
            "other-dns",
            "The name server lies about this name: use another one, or a proxy that looks names up by itself.");

    private final Seen seen;
    private final Notes notes;

    private Assessment(Seen seen) {
        this.seen = seen;
        this.notes = Notes.of(seen.probe().source());
    }

    static List<Finding> of(Seen seen) {
        Assessment assessment = new Assessment(seen);
        seen.way().ifPresent(assessment::way);
        assessment.api();
        assessment.data();
        assessment.token();
        return assessment.notes.findings();
    }

    private void way(Sighting way) {
        route(way);
        name(way);
        tls(way);
    }

    /** Trouble on the way; but the hub may have answered all the same. */
    private void inTheWay(Check check, List<Hint> hints, String code, String text, Object... values) {
        if (seen.answers()) {
            notes.note(check, List.of(), code, text, values);
        } else {
            notes.problem(check, hints, code, text, values);
        }
    }

    private void route(Sighting way) {
        String proxy = way.way().text();
        String setting = way.way().because();
        Trouble trouble = way.trouble().filter(at -> at.place() == Place.PROXY).orElse(null);
        if (trouble != null) {
            inTheWay(
                    Check.ROUTE,
                    List.of(Hint.of(
                            "start-proxy", "Start the proxy, or change or remove the setting that names it.", setting)),
                    "route-proxy-down",
                    "the proxy {0}, set by {1}, does not work: {2}",
                    proxy,
                    setting,
                    trouble.words());
        } else if (way.way().proxied()) {
            notes.ok(Check.ROUTE, "route-proxy", "through the proxy {0}, set by {1}", proxy, setting);
        } else if (setting.equals("default")) {
            notes.ok(Check.ROUTE, "route-direct", "direct");
        } else {
            notes.ok(Check.ROUTE, "route-direct-by", "direct, because of {0}", setting);
        }
    }

    private void name(Sighting way) {
        String addresses = String.join(", ", way.addresses());
        Trouble trouble = way.trouble().filter(at -> at.place() == Place.NAME).orElse(null);
        if (trouble != null) {
            inTheWay(
                    Check.NAME,
                    List.of(Hint.of(
                            "check-dns", "Check that this machine is online and that its name server answers.")),
                    "name-unknown",
                    "cannot be looked up: {0}",
                    trouble.words());
            return;
        }
        switch (way.named()) {
            case NOTHING -> {
                // An address needs no looking up.
            }
            case BY_PROXY -> notes.ok(Check.NAME, "name-by-proxy", "looked up by the proxy");
            case FOUND -> notes.ok(Check.NAME, "name-found", "leads to {0}", addresses);
            case FAKE ->
                notes.note(
                        Check.NAME,
                        List.of(),
                        "name-fake",
                        "leads to {0}: behind a TUN/fake-ip proxy, which looks it up by itself",
                        addresses);
            case NO_PUBLIC -> {
                if (seen.answers()) {
                    notes.note(
                            Check.NAME,
                            List.of(),
                            "name-inside",
                            "leads to {0}, inside a private network, and the hub answers there",
                            addresses);
                } else {
                    notes.problem(
                            Check.NAME,
                            List.of(NAME_SERVER),
                            "name-poisoned",
                            "leads to {0}, which no public host has: the answer is poisoned",
                            addresses);
                }
            }
        }
    }

    private void tls(Sighting way) {
        Trouble trouble = way.trouble().orElse(null);
        if (way.authority().isPresent()) {
            Sighting.Authority authority = way.authority().get();
            if (authority.known()) {
                notes.ok(Check.TLS, "tls-trusted", "certificate vouched for by {0}", authority.name());
            } else {
                notes.note(
                        Check.TLS,
                        List.of(
                                Hint.of(
                                        "added-authority",
                                        "Nothing to do if you know that authority, for example as your company's; if not, ask whoever runs this machine.")),
                        "tls-added",
                        "certificate vouched for by {0}, which was added to those that Java knows: somebody looks into connections",
                        authority.name());
            }
        } else if (trouble == null) {
            notes.ok(Check.TLS, "tls-plain", "clear text, inside your own network");
        } else {
            tls(way, trouble);
        }
    }

    private void tls(Sighting way, Trouble trouble) {
        switch (trouble.place()) {
            case PROXY, NAME -> notes.unknown(Check.TLS, "tls-unseen", "not checked: nothing gets that far");
            case UNTRUSTED -> {
                List<Hint> hints = new ArrayList<>();
                trouble.note().map(Hint::plain).ifPresent(hints::add);
                hints.add(
                        Hint.of(
                                "trust-authority",
                                "If that authority is your company's or school's, have its certificate trusted; if you do not know it, somebody is reading along."));
                inTheWay(Check.TLS, hints, "tls-untrusted", "certificate not trusted, issued by {0}", trouble.words());
            }
            case OTHER_HOST ->
                inTheWay(
                        Check.TLS,
                        List.of(
                                Hint.of(
                                        "other-host",
                                        "The name server lies, or a login page is in the way: open a browser, use another name server or a proxy.")),
                        "tls-other-host",
                        "the certificate is another host's");
            case TIME ->
                inTheWay(
                        Check.TLS,
                        List.of(setClock()),
                        "tls-time",
                        "the certificate is not valid at this time; is the clock right?");
            case CONNECTION ->
                inTheWay(Check.TLS, wayHints(way), "tls-unreached", "no connection: {0}", trouble.words());
        }
    }

    private List<Hint> wayHints(Sighting way) {
        return switch (way.named()) {
            case FAKE ->
                List.of(Hint.of(
                        "fake-ip",
                        "The proxy tool behind that address does not get through: mend its rule for this host."));
            // What to do about that has been said with the name.
            case NO_PUBLIC -> List.of();
            case NOTHING, BY_PROXY, FOUND ->
                List.of(Hint.of(
                        "blocked-way",
                        "The network may be down, or keep this host out: allow another source, or go by a proxy.",
                        seen.probe().source()));
        };
    }

    static Hint setClock() {
        return Hint.of(
                "set-clock",
                "Set date, time and time zone of this machine: certificates and signed links depend on them.");
    }

    private void api() {
        Verdict said = seen.probe().verdict();
        if (seen.answers()) {
            notes.ok(
                    Check.API,
                    "api-answers",
                    "answers after {0} ms",
                    seen.probe().millis());
            return;
        }
        switch (said.kind()) {
            case NEEDS_AUTH ->
                notes.problem(Check.API, List.of(), "api-token", "answers, but nothing to whoever shows this token");
            case ALIAS ->
                notes.note(
                        Check.API,
                        List.of(Hint.of(
                                "use-origin", "The mirror sends this network to the origin: allow huggingface.")),
                        "api-alias",
                        "sends this network to {0}",
                        ((Verdict.Alias) said).origin());
            case NOT_ASKED -> {
                // Whoever is examined is asked.
            }
            case LIMITED ->
                notes.problem(
                        Check.API,
                        List.of(
                                Hint.of(
                                        "wait",
                                        "Wait as long as is said there and try again; a token allows more requests, and so does another source.")),
                        "api-limited",
                        "too many requests, free again in {0} s",
                        ((Verdict.Limited) said).pause().toSeconds());
            case BROKEN ->
                notes.problem(
                        Check.API,
                        List.of(Hint.of("tell-author", "Allow another source, and tell the author of that one.")),
                        "api-broken",
                        "the code of this source is at fault: {0}",
                        said.detail());
            case DOWN -> down(said);
            case BLOCKED, USABLE, NOT_HERE ->
                notes.problem(
                        Check.API,
                        List.of(
                                Hint.of(
                                        "login-page",
                                        "A login page or a filter may be in the way: open a browser, or go by another network or proxy.")),
                        "api-strange",
                        "what answers is not the hub: {0}",
                        said.detail());
        }
    }

    private void down(Verdict said) {
        if (said.answered()) {
            notes.problem(
                    Check.API,
                    List.of(
                            Hint.of(
                                    "hub-trouble",
                                    "The hub has trouble of its own: try again later, or allow another source; the probes hold every answer.")),
                    "api-trouble",
                    "has trouble of its own: {0}",
                    said.detail());
            return;
        }
        // Where the way itself is closed, what to do has been said there.
        boolean explained = seen.way().flatMap(Sighting::trouble).isPresent();
        List<Hint> hints = explained
                ? List.of()
                : seen.way()
                        .map(this::wayHints)
                        .orElseGet(
                                () -> List.of(
                                        Hint.of(
                                                "check-network",
                                                "Check the network and the proxy, or allow another source; the probes hold every answer.")));
        notes.problem(Check.API, hints, "api-silent", "no answer: {0}", said.detail());
    }

    private void data() {
        if (seen.data() instanceof Data.From from) {
            notes.ok(Check.DATA, "data-sends", "{0} sends, {1}", from.host(), from.route());
        } else if (seen.data() instanceof Data.Fails fails) {
            notes.problem(
                    Check.DATA,
                    List.of(
                            Hint.of(
                                    "data-host",
                                    "The hub answers, but the host that sends the bytes does not: allow another source, or have that host pass.")),
                    "data-fails",
                    "no bytes: {0}",
                    fails.why());
        } else if (seen.data() instanceof Data.NoSample none) {
            notes.unknown(
                    Check.DATA,
                    "data-no-sample",
                    "not checked: only a repository tells which host that is, and {0} is not here",
                    none.sample());
        } else if (seen.data() instanceof Data.Unasked) {
            notes.unknown(
                    Check.DATA, "data-unasked", "not checked: the hub has to say which host that is, and has not");
        }
    }

    private void token() {
        if (seen.token() instanceof Token.None) {
            notes.ok(Check.TOKEN, "token-none", "none; what is public needs none");
        } else if (seen.token() instanceof Token.Unreadable unreadable) {
            notes.note(
                    Check.TOKEN,
                    List.of(Hint.plain("Check its permissions.")),
                    "token-unreadable",
                    "none, since the file {0} cannot be read",
                    unreadable.file());
        } else if (seen.token() instanceof Token.Accepted accepted) {
            notes.ok(Check.TOKEN, "token-accepted", "accepted, from {0}", accepted.from());
        } else if (seen.token() instanceof Token.Refused refused) {
            notes.problem(
                    Check.TOKEN,
                    List.of(Hint.plain(
                            "Put a valid token in the place of that one, or take it away: what is public needs none.")),
                    "token-refused",
                    "refused, from {0}",
                    refused.from());
        } else if (seen.token() instanceof Token.Untold untold) {
            notes.unknown(
                    Check.TOKEN, "token-untold", "from {0}; not checked: this hub cannot be asked", untold.from());
        } else if (seen.token() instanceof Token.Unasked unasked) {
            notes.unknown(Check.TOKEN, "token-unasked", "from {0}; not checked: {1}", unasked.from(), unasked.why());
        }
    }
}
