package dev.modelfetch.internal.memory;

import dev.modelfetch.Repo;
import dev.modelfetch.internal.file.Digests;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Remembers hubs for later jobs, those of other processes included. Read when first asked, written by {@link #save};
 * whoever writes keeps what others have written meanwhile. Thread-safe.
 */
public final class SourceMemory {

    /** Forgets everything at once. */
    public static final SourceMemory NONE = new SourceMemory(null, true, () -> "", InstantSource.system());

    /** So short that a file of names stays small, so long that no two of them meet. */
    private static final int HASH_DIGITS = 32;

    /** Whose repositories a token can see changes seldom, and an organisation is joined more often than left. */
    private static final Duration ACCOUNT = Duration.ofDays(30);

    /** A public name was public: it cannot become a secret. It is only kept from piling up. */
    private static final Duration OPEN = Duration.ofDays(365);

    private final @Nullable Path file;
    private final boolean forgets;
    private final Supplier<String> surroundings;
    private final InstantSource clock;

    // Guarded by this.
    private MemoryFile.@Nullable Contents contents;
    private String network = "";
    private final Map<String, Standing> changed = new HashMap<>();
    private final Map<String, Instant> opened = new HashMap<>();
    private final Map<String, Instant> met = new HashMap<>();

    private SourceMemory(@Nullable Path file, boolean forgets, Supplier<String> surroundings, InstantSource clock) {
        this.file = file;
        this.forgets = forgets;
        this.surroundings = surroundings;
        this.clock = clock;
    }

    /**
     * Kept in that file.
     *
     * @param settings what else decides where requests go, such as the proxy; hashed
     */
    public static SourceMemory in(Path file, String settings, InstantSource clock) {
        return new SourceMemory(file, false, () -> Network.here() + "\n" + settings, clock);
    }

    /** Kept nowhere, and only whose names are no secret: every job finds out itself who is best. */
    public static SourceMemory ofNames(InstantSource clock) {
        return new SourceMemory(null, false, () -> "", clock);
    }

    /** As {@link #in}, on a network of that name. */
    static SourceMemory in(Path file, Supplier<String> network, InstantSource clock) {
        return new SourceMemory(file, false, network, clock);
    }

    /**
     * What is remembered of one address.
     *
     * @param endpoint or data host, without credentials
     * @param route that leads there, without credentials
     */
    public History of(String endpoint, String route) {
        return new History(this, endpoint, route);
    }

    /** Whether a repository of that name was once shown there without a token. */
    public synchronized boolean isOpen(String endpoint, Repo repo) {
        return !forgets && isYoung(known().open().get(name(endpoint, repo)), OPEN);
    }

    /** It is shown there without a token. */
    public synchronized void open(String endpoint, Repo repo) {
        if (!forgets) {
            note(known().open(), opened, name(endpoint, repo));
        }
    }

    /**
     * Whether that token's repositories can be of that owner; empty if it is not known whose they can be.
     *
     * @param token never kept, only a hash of it
     */
    public synchronized Optional<Boolean> mayOwn(String token, String owner) {
        if (forgets || !isYoung(known().accounts().get(hash("token " + token)), ACCOUNT)) {
            return Optional.empty();
        }
        return Optional.of(isYoung(known().accounts().get(hash("owner " + token + " " + fold(owner))), ACCOUNT));
    }

    /** All that repositories which only this token can see can be of. */
    public synchronized void owners(String token, Collection<String> names) {
        if (!forgets) {
            note(known().accounts(), met, hash("token " + token));
            names.forEach(name -> note(known().accounts(), met, hash("owner " + token + " " + fold(name))));
        }
    }

    /** Writes what was learned since the last time; that it cannot is no failure of any job. */
    public synchronized void save() {
        if (file == null || (changed.isEmpty() && opened.isEmpty() && met.isEmpty())) {
            return;
        }
        MemoryFile.Contents next = MemoryFile.read(file)
                .filter(written -> written.salt().equals(known().salt()))
                .orElseGet(() -> MemoryFile.Contents.empty(known().salt()));
        next.networks().computeIfAbsent(network, any -> new HashMap<>()).putAll(changed);
        next.open().putAll(opened);
        next.accounts().putAll(met);
        next.open().values().removeIf(at -> !isYoung(at, OPEN));
        next.accounts().values().removeIf(at -> !isYoung(at, ACCOUNT));
        try {
            MemoryFile.write(file, next, now());
            contents = next;
        } catch (IOException | RuntimeException e) {
            System.getLogger(SourceMemory.class.getName())
                    .log(Level.DEBUG, "what was learned of sources is not kept in " + file, e);
        }
        changed.clear();
        opened.clear();
        met.clear();
    }

    Instant now() {
        return clock.instant();
    }

    synchronized Optional<Standing> standing(String place) {
        return file == null
                ? Optional.empty()
                : Optional.ofNullable(known().networks().get(network)).map(places -> places.get(place));
    }

    synchronized void change(String place, UnaryOperator<Standing> change) {
        if (file == null) {
            return;
        }
        Standing next = change.apply(standing(place).orElseGet(() -> Standing.unknown(now())));
        known().networks().computeIfAbsent(network, any -> new HashMap<>()).put(place, next);
        changed.put(place, next);
    }

    private void note(Map<String, Instant> known, Map<String, Instant> unsaved, String name) {
        if (known.size() >= MemoryFile.MOST_NAMES) {
            // A program that runs for months; what it needs is soon there again.
            known.clear();
        }
        known.put(name, now());
        if (file != null) {
            unsaved.put(name, now());
        }
    }

    private MemoryFile.Contents known() {
        MemoryFile.Contents read = contents;
        if (read == null) {
            read = (file == null ? Optional.<MemoryFile.Contents>empty() : MemoryFile.read(file))
                    .orElseGet(() -> MemoryFile.Contents.empty(salt()));
            contents = read;
            network = hash("network " + surroundings.get());
        }
        return read;
    }

    private boolean isYoung(@Nullable Instant at, Duration age) {
        Instant now = now();
        return at != null && !at.isAfter(now) && now.isBefore(at.plus(age));
    }

    private String name(String endpoint, Repo repo) {
        return hash("name " + endpoint + " " + repo.type().plural() + " " + repo.id());
    }

    private String hash(String text) {
        return Digests.hexOf(known().salt() + "\n" + text).substring(0, HASH_DIGITS);
    }

    private static String fold(String owner) {
        return owner.toLowerCase(Locale.ROOT);
    }

    private static String salt() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
