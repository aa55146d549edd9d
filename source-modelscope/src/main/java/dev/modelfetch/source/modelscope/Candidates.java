package dev.modelfetch.source.modelscope;

import dev.modelfetch.Address;
import dev.modelfetch.Repo;
import dev.modelfetch.spi.KnownAs;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Under which ids a repository may be found here, best first (modelscope.md 9.3). An owner is never guessed: without a
 * row of a table it is the identical id or nothing.
 *
 * @param byHand what the user maps; such an id is the only candidate
 * @param table what is shipped
 */
record Candidates(Map<String, String> byHand, Aliases table) {

    static final String FAMILY = "modelscope";

    /** Ids with an owner; empty when there is none to try. */
    List<String> of(Repo repo) {
        if (FAMILY.equals(repo.family())) {
            return complete(Set.of(repo.id()));
        }
        String mapped = byHand.getOrDefault(repo.toString(), byHand.get(repo.id()));
        if (mapped != null) {
            return complete(Set.of(mapped));
        }
        Set<String> ids = new LinkedHashSet<>(table.of(repo.type(), repo.id()));
        ids.add(repo.id());
        return complete(ids);
    }

    /** The same, each with the reason to try it. */
    List<KnownAs> explained(Repo repo) {
        List<KnownAs> known = new ArrayList<>();
        boolean mapped = byHand.containsKey(repo.toString()) || byHand.containsKey(repo.id());
        for (String id : of(repo)) {
            String because = mapped
                    ? "mapped by hand"
                    : table.rowsOf(repo.type(), repo.id()).stream()
                            .filter(row -> row.to().equals(id))
                            .findFirst()
                            .map(row -> "table: " + row.evidence())
                            .orElse("the same name");
            known.add(KnownAs.of(repo, id, because));
        }
        return known;
    }

    /** All that are mapped by hand, and then the table. */
    List<KnownAs> all() {
        List<KnownAs> known = new ArrayList<>();
        new TreeMap<>(byHand).forEach((name, id) -> known.add(KnownAs.of(repo(name), id, "mapped by hand")));
        table.all()
                .forEach(row ->
                        known.add(KnownAs.of(Repo.of(row.type(), row.from()), row.to(), "table: " + row.evidence())));
        return known;
    }

    private static Repo repo(String name) {
        return Address.parse(name).repo();
    }

    /** Bare names mean somebody else's organisation here, so they are not asked for (modelscope.md 1.3). */
    private static List<String> complete(Set<String> ids) {
        return ids.stream().filter(id -> id.indexOf('/') > 0).toList();
    }
}
