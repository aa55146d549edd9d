package dev.modelfetch.internal.transfer;

import dev.modelfetch.internal.choice.Offer;
import dev.modelfetch.internal.choice.Source;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import okhttp3.HttpUrl;

/**
 * The hosts of one job, each once, whichever source leads to it, and which of them an offer is expected to lead to: hubs
 * send small files themselves and large ones from elsewhere, so the last file of the same sort tells. Guarded by {@link
 * ConnectionBudget}.
 */
final class DataHosts {

    private record Door(String name, String route) {}

    private record Sort(Source source, boolean lfs) {}

    private final Map<Door, DataHost> byDoor = new LinkedHashMap<>();
    private final Map<Sort, DataHost> learned = new LinkedHashMap<>();
    private final RandomGenerator random = RandomGenerator.getDefault();

    Collection<DataHost> all() {
        return byDoor.values();
    }

    /** Where its requests begin. */
    DataHost hubOf(Offer offer) {
        return at(offer.source().profile().endpoint(), offer.source());
    }

    /** Who is expected to send its bytes. */
    DataHost expected(Offer offer) {
        return Objects.requireNonNullElseGet(learned.get(sortOf(offer)), () -> hubOf(offer));
    }

    /** That address; the way there is part of it, for what fails may be the way. */
    DataHost at(HttpUrl url, Source source) {
        boolean usualPort = url.port() == HttpUrl.defaultPort(url.scheme());
        String name = usualPort ? url.host() : url.host() + ":" + url.port();
        return byDoor.computeIfAbsent(new Door(name, source.route()), door -> new DataHost(name, random));
    }

    void learn(Offer offer, DataHost sends) {
        learned.put(sortOf(offer), sends);
    }

    private static Sort sortOf(Offer offer) {
        return new Sort(offer.source(), offer.file().lfs());
    }
}
