package dev.modelfetch.cli.screen;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.modelfetch.Alias;
import dev.modelfetch.Diagnosis;
import dev.modelfetch.Digest;
import dev.modelfetch.Finding;
import dev.modelfetch.Listing;
import dev.modelfetch.Login;
import dev.modelfetch.Logout;
import dev.modelfetch.Manifest;
import dev.modelfetch.Message;
import dev.modelfetch.Phrase;
import dev.modelfetch.Plan;
import dev.modelfetch.Probe;
import dev.modelfetch.Repo;
import dev.modelfetch.RepoFile;
import dev.modelfetch.Sample;
import dev.modelfetch.Snapshot;
import dev.modelfetch.StoredCheck;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The objects of {@code --json}, key by key, so that a renamed record component never changes what scripts read. */
public final class Json {

    private Json() {}

    public static JsonObject result(Snapshot result) {
        JsonObject json = repo(result.repo());
        json.addProperty("revision", result.revision());
        json.addProperty("commit", result.commit());
        json.addProperty("path", result.path().toString());
        json.addProperty("source", result.source());
        json.addProperty("identity", result.identity().word());
        json.addProperty("elapsedMillis", result.elapsed().toMillis());
        json.addProperty("bytesFetched", result.bytesFetched());
        json.addProperty("bytesReused", result.bytesReused());
        json.add("files", array(result.files(), Json::item));
        json.add("probes", probes(result.probes()));
        return json;
    }

    public static JsonObject login(Login login) {
        JsonObject json = new JsonObject();
        json.addProperty("source", login.source());
        json.addProperty("endpoint", login.endpoint());
        json.addProperty("name", login.user().orElse(null));
        json.add("organisations", texts(login.organisations()));
        json.addProperty("tokenName", login.tokenName().orElse(null));
        json.addProperty("tokenFrom", login.tokenFrom());
        json.addProperty("overruledBy", login.overruledBy().orElse(null));
        return json;
    }

    public static JsonObject logout(Logout logout) {
        JsonObject json = new JsonObject();
        json.addProperty("source", logout.source());
        json.add("tokens", texts(logout.tokens()));
        json.add("places", texts(logout.places()));
        json.addProperty("stillFrom", logout.stillFrom().orElse(null));
        return json;
    }

    private static JsonArray texts(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }

    static JsonObject item(Snapshot.Item item) {
        JsonObject json = new JsonObject();
        json.addProperty("path", item.path());
        json.addProperty("size", item.size());
        json.addProperty("sha256", item.sha256());
        json.addProperty("from", String.join(",", item.from()));
        json.addProperty("verified", item.verified().word());
        json.addProperty("reused", item.reused());
        return json;
    }

    public static JsonObject failure(Exit exit) {
        JsonObject error = new JsonObject();
        error.addProperty("code", exit.code());
        error.addProperty("kind", exit.kind());
        error.addProperty("message", exit.message());
        error.addProperty("hint", exit.hint());
        error.addProperty("id", exit.id());
        error.add("args", args(exit.what()));
        JsonObject json = new JsonObject();
        json.add("error", error);
        json.add("probes", probes(exit.probes()));
        return json;
    }

    /** What stands at the places of the sentence: texts, and lists of texts. */
    private static JsonArray args(Message said) {
        JsonArray args = new JsonArray();
        for (Phrase value : said.values()) {
            if (value instanceof Phrase.Series series) {
                JsonArray each = new JsonArray();
                series.parts().forEach(part -> each.add(part.text()));
                args.add(each);
            } else {
                args.add(value.text());
            }
        }
        return args;
    }

    public static JsonObject plan(Repo asked, Plan plan) {
        JsonObject json = new JsonObject();
        json.addProperty("dryRun", true);
        head(asked, plan.listing()).entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        json.addProperty("path", plan.path().toString());
        json.addProperty("bytesToFetch", plan.bytesToFetch());
        json.addProperty("bytesPresent", plan.bytesPresent());
        json.addProperty("bytesFree", plan.bytesFree());
        json.add("files", array(plan.items(), item -> {
            JsonObject file = file(item.file(), item.sources());
            file.addProperty("stored", item.stored());
            file.addProperty("present", item.present());
            return file;
        }));
        json.add("probes", probes(plan.listing().probes()));
        return json;
    }

    public static JsonObject listing(Repo asked, Listing listing) {
        JsonObject json = head(asked, listing);
        json.addProperty("complete", listing.manifest().complete());
        json.add("files", array(listing.rows(), row -> file(row.file(), row.sources())));
        json.add("probes", probes(listing.probes()));
        return json;
    }

    /** What a fetch would begin with. */
    public static JsonObject decision(Listing listing, List<Listing> others) {
        JsonObject json = new JsonObject();
        json.addProperty("source", listing.manifest().source());
        json.addProperty("commit", listing.manifest().commit());
        json.addProperty("identity", listing.identity().word());
        json.addProperty("reason", listing.reason());
        json.addProperty("files", listing.rows().size());
        JsonObject compared = new JsonObject();
        for (Listing other : others) {
            Agreement found = Agreement.of(listing, other);
            JsonObject counts = new JsonObject();
            counts.addProperty("commit", other.manifest().commit());
            counts.addProperty("same", found.same());
            counts.addProperty("other", found.other());
            counts.addProperty("unknown", found.unknown());
            counts.addProperty("missing", found.missing());
            compared.add(other.manifest().source(), counts);
        }
        json.add("compared", compared);
        return json;
    }

    public static JsonObject check(StoredCheck check) {
        JsonObject json = new JsonObject();
        json.addProperty("path", check.path().toString());
        json.addProperty("commit", check.commit());
        json.addProperty("against", check.against());
        json.addProperty("ok", check.ok());
        json.add("files", array(check.files(), item -> {
            JsonObject file = new JsonObject();
            file.addProperty("path", item.path());
            file.addProperty("state", item.state().word());
            optional(file, "expected", item.expected());
            optional(file, "actual", item.actual());
            return file;
        }));
        json.add("probes", new JsonArray());
        return json;
    }

    public static JsonObject diagnosis(Diagnosis diagnosis) {
        JsonObject json = new JsonObject();
        json.addProperty("works", diagnosis.works());
        json.add("findings", array(diagnosis.findings(), Json::finding));
        json.add("probes", probes(diagnosis.probes()));
        return json;
    }

    private static JsonObject finding(Finding finding) {
        JsonObject json = new JsonObject();
        json.addProperty("source", finding.source().orElse(null));
        json.addProperty("check", finding.check().word());
        json.addProperty("state", finding.state().word());
        json.addProperty("code", finding.code());
        json.addProperty("text", finding.text());
        JsonArray values = new JsonArray();
        finding.values().forEach(values::add);
        json.add("values", values);
        json.addProperty("hint", Messages.english().hints(finding.hints()));
        return json;
    }

    public static JsonArray samples(List<Sample> samples) {
        return array(samples, sample -> {
            JsonObject json = new JsonObject();
            json.addProperty("source", sample.source());
            json.addProperty("route", sample.route());
            sample.host().ifPresent(host -> json.addProperty("host", host));
            json.addProperty("bytes", sample.bytes());
            json.addProperty("millis", sample.millis());
            sample.bytesPerSecond().ifPresent(rate -> json.addProperty("bytesPerSecond", rate));
            sample.failure().ifPresent(why -> json.addProperty("detail", why.detail()));
            return json;
        });
    }

    public static JsonArray aliases(List<Alias> known) {
        return array(known, alias -> {
            JsonObject json = repo(alias.repo());
            json.addProperty("source", alias.source());
            json.addProperty("id", alias.id());
            json.addProperty("because", alias.because());
            return json;
        });
    }

    public static JsonArray probes(List<Probe> probes) {
        return array(probes, Json::probe);
    }

    static JsonObject probe(Probe probe) {
        JsonObject json = new JsonObject();
        json.addProperty("source", probe.source());
        json.addProperty("endpoint", probe.endpoint());
        json.addProperty("route", probe.route());
        json.addProperty("verdict", probe.verdict().kind().word());
        json.addProperty("millis", probe.millis());
        json.addProperty("detail", probe.verdict().detail());
        return json;
    }

    private static JsonObject head(Repo asked, Listing listing) {
        Manifest manifest = listing.manifest();
        JsonObject json = repo(asked);
        json.addProperty("revision", manifest.revision());
        json.addProperty("commit", manifest.commit());
        json.addProperty("source", manifest.source());
        json.addProperty("identity", listing.identity().word());
        return json;
    }

    private static JsonObject repo(Repo repo) {
        JsonObject json = new JsonObject();
        json.addProperty("repo", repo.id());
        json.addProperty("type", repo.type().word());
        return json;
    }

    private static JsonObject file(RepoFile row, List<String> sources) {
        JsonObject json = new JsonObject();
        json.addProperty("path", row.path());
        json.addProperty("size", row.size());
        if (row.sha256() != null) {
            json.addProperty("sha256", row.sha256().hex());
        }
        if (row.gitBlob() != null) {
            json.addProperty("gitBlob", row.gitBlob().hex());
        }
        json.addProperty("lfs", row.lfs());
        JsonArray names = new JsonArray();
        sources.forEach(names::add);
        json.add("sources", names);
        return json;
    }

    private static void optional(JsonObject json, String key, @Nullable Digest digest) {
        if (digest != null) {
            json.addProperty(key, digest.toString());
        }
    }

    static <T> JsonArray array(List<T> values, Function<T, JsonObject> form) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(form.apply(value)));
        return array;
    }
}
