package dev.modelfetch.cli.screen;

import dev.modelfetch.CachedRevision;
import dev.modelfetch.Evicted;
import dev.modelfetch.Eviction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What would be deleted, and what was, as a person is told. */
public record EvictionLines(Messages messages) {

    /** A line for each repository, with its revisions if not all of it goes, and the sum. */
    public List<String> plan(Eviction plan) {
        if (plan.isEmpty()) {
            return List.of(messages.say("evict.nothing", plan.root()));
        }
        Table table = new Table(messages.say("column.frees"), messages.say("column.id"), messages.say("column.what"));
        for (Eviction.Share share : plan.repositories()) {
            String frees = Figures.bytes(share.bytes());
            for (String what : parts(share)) {
                table.row(frees, share.repo().key(), what);
                // It is known of the repository only, since revisions share files.
                frees = "";
            }
        }
        if (!plan.shared().isEmpty()) {
            long bytes =
                    plan.shared().stream().mapToLong(Eviction.Deletion::bytes).sum();
            table.row(
                    Figures.bytes(bytes),
                    "-",
                    messages.say("evict.shared", files(plan.shared().size())));
        }
        List<String> lines = new ArrayList<>(table.lines());
        lines.add(messages.say("evict.total", counts(plan), Figures.bytes(plan.bytes())));
        return lines;
    }

    /** Says how much, also where the plan itself is not shown. */
    public String question(Eviction plan) {
        return messages.say("evict.question", counts(plan), Figures.bytes(plan.bytes()));
    }

    public String done(Evicted evicted) {
        return messages.say("evict.done", Figures.bytes(evicted.bytes()));
    }

    /** What had to stay, and why. */
    public List<Line> skipped(Evicted evicted) {
        return evicted.skipped().stream()
                .map(skipped ->
                        Line.note(messages.say("skipped." + skipped.reason().word(), skipped.path(), skipped.detail())))
                .toList();
    }

    private List<String> parts(Eviction.Share share) {
        if (share.whole()) {
            return List.of(messages.say("evict.whole"));
        }
        Stream<String> revisions = share.revisions().stream().map(this::revision);
        long others = others(share);
        return Stream.concat(
                        revisions,
                        others == 0 ? Stream.empty() : Stream.of(messages.say("evict.leftovers", files(others))))
                .toList();
    }

    private String revision(CachedRevision revision) {
        String refs = revision.refs().isEmpty() ? "" : " (" + String.join(", ", revision.refs()) + ")";
        return revision.commit() + refs;
    }

    /** Of what belongs to no revision; what goes with a revision is not told apart from it. */
    private static long others(Eviction.Share share) {
        return share.repo().leftovers().stream()
                .filter(leftover -> share.deletions().stream()
                        .anyMatch(deletion -> deletion.path().equals(leftover.path())))
                .count();
    }

    private String counts(Eviction plan) {
        long whole = plan.repositories().stream().filter(Eviction.Share::whole).count();
        long revisions = plan.repositories().stream()
                .filter(share -> !share.whole())
                .mapToLong(share -> share.revisions().size())
                .sum();
        long others = plan.repositories().stream()
                        .filter(share -> !share.whole())
                        .mapToLong(EvictionLines::others)
                        .sum()
                + plan.shared().size();
        return Stream.of(
                        whole == 0 ? "" : Count.repositories(whole, messages),
                        revisions == 0 ? "" : Count.revisions(revisions, messages),
                        others == 0 ? "" : files(others))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(messages.say("sum.and")));
    }

    private String files(long number) {
        return Count.files(number, messages);
    }
}
