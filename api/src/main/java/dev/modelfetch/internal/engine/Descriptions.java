package dev.modelfetch.internal.engine;

import dev.modelfetch.HubDocument;
import dev.modelfetch.Pinned;
import dev.modelfetch.Repo;
import dev.modelfetch.Topic;
import dev.modelfetch.internal.run.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What hubs say of repositories: of a commit, stored with it; else remembered for a while, and answered as it was while
 * nobody can be asked. Thread-safe.
 */
final class Descriptions {

    /** So many at most; nobody who asks for ever new pages fills the memory with them. */
    private static final int MOST = 1_000;

    private final Questions questions;
    private final Revisions revisions;
    private final boolean offline;
    private final Duration fresh;
    private final Map<Question, Said> said = new ConcurrentHashMap<>();

    private record Question(Repo repo, Topic topic, String commit, String query) {}

    /** An answer, or that there was none. */
    private record Said(@Nullable HubDocument document, long untilNanos) {}

    Descriptions(Questions questions, Revisions revisions, boolean offline, Duration fresh) {
        this.questions = questions;
        this.revisions = revisions;
        this.offline = offline;
        this.fresh = fresh;
    }

    /** @param pinned whose caller may read it */
    Optional<HubDocument> of(Pinned pinned, Topic topic, String query) throws InterruptedException {
        if (topic == Topic.CARD) {
            Optional<String> stored = revisions.shelf(pinned.repo()).cache().card(pinned.commit());
            if (stored.isPresent()) {
                return stored.map(HubDocument::of);
            }
        }
        // Branches are the same whichever of them was asked for.
        String commit = topic == Topic.REFS ? "" : pinned.commit();
        Question question = new Question(pinned.repo(), topic, commit, topic == Topic.CARD ? "" : query);
        Said known = said.get(question);
        if (known != null && (offline || known.untilNanos() - System.nanoTime() > 0)) {
            return Optional.ofNullable(known.document());
        }
        return offline ? Optional.empty() : asked(pinned, question, known == null ? null : known.document());
    }

    private Optional<HubDocument> asked(Pinned pinned, Question question, @Nullable HubDocument former)
            throws InterruptedException {
        Optional<HubDocument> answer = questions.describe(pinned, question.topic(), question.query());
        HubDocument now = answer.orElse(former);
        Duration time = answer.isPresent() ? fresh : Limits.ABSENT;
        if (said.size() >= MOST) {
            said.clear();
        }
        if (answer.isEmpty() || !noted(pinned, question.topic(), answer.get())) {
            said.put(question, new Said(now, System.nanoTime() + time.toNanos()));
        }
        return Optional.ofNullable(now);
    }

    /** Whether it is where the next one finds it. */
    private boolean noted(Pinned pinned, Topic topic, HubDocument document) {
        if (topic != Topic.CARD) {
            return false;
        }
        try {
            revisions.shelf(pinned.repo()).cache().rememberCard(pinned.commit(), document.json());
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
