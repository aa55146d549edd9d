package dev.modelfetch.internal.doctor;

import dev.modelfetch.Finding;
import dev.modelfetch.Finding.Check;
import dev.modelfetch.Finding.State;
import dev.modelfetch.Hint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes down what is found about one subject; a text has its values where it says {@code {0}}. Not thread-safe. */
final class Notes {

    private final Optional<String> source;
    private final List<Finding> findings = new ArrayList<>();

    private Notes(Optional<String> source) {
        this.source = source;
    }

    static Notes of(String source) {
        return new Notes(Optional.of(source));
    }

    static Notes ofMachine() {
        return new Notes(Optional.empty());
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    void add(List<Finding> others) {
        findings.addAll(others);
    }

    void ok(Check check, String code, String text, Object... values) {
        add(check, State.OK, List.of(), code, text, values);
    }

    void unknown(Check check, String code, String text, Object... values) {
        add(check, State.UNKNOWN, List.of(), code, text, values);
    }

    void note(Check check, List<Hint> hints, String code, String text, Object... values) {
        add(check, State.NOTE, hints, code, text, values);
    }

    void problem(Check check, List<Hint> hints, String code, String text, Object... values) {
        add(check, State.PROBLEM, hints, code, text, values);
    }

    private void add(Check check, State state, List<Hint> hints, String code, String text, Object... values) {
        List<String> words = new ArrayList<>();
        String whole = text;
        for (int i = 0; i < values.length; i++) {
            words.add(String.valueOf(values[i]));
            whole = whole.replace("{" + i + "}", words.get(i));
        }
        findings.add(new Finding(source, check, state, code, whole, words, hints));
    }
}
