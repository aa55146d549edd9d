package dev.modelfetch.cli.screen;

import dev.modelfetch.Diagnosis;
import dev.modelfetch.Finding;
import dev.modelfetch.Finding.Check;
import dev.modelfetch.Probe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What was found, for people: each finding with what to do about it, and all of it again for a bug report. */
public final class DiagnosisPage {

    private static final String FENCE = "```";
    private static final Set<Check> VERSIONS = Set.of(Check.PROGRAM, Check.JAVA, Check.SYSTEM);

    private final Messages messages;
    private final Person person;

    /** @param person whom nobody is to read of */
    public DiagnosisPage(Messages messages, Person person) {
        this.messages = messages;
        this.person = person;
    }

    public List<String> lines(Diagnosis diagnosis) {
        List<String> lines = new ArrayList<>();
        bySubject(diagnosis).forEach((subject, findings) -> {
            lines.add(subject.isEmpty() ? messages.say("doctor.machine") : subject);
            findings.forEach(finding -> lines.addAll(lines(finding)));
            lines.add("");
        });
        if (diagnosis.works()) {
            lines.add(messages.say("doctor.works"));
        }
        lines.add(messages.say("doctor.report"));
        report(diagnosis).forEach(line -> lines.add(person.withoutName(line)));
        return lines.stream().map(person::withoutHome).map(Cells::plain).toList();
    }

    /** Findings by the source they are of, with its address; by an empty text for those of the machine. */
    private static Map<String, List<Finding>> bySubject(Diagnosis diagnosis) {
        Map<String, String> endpoints = diagnosis.probes().stream()
                .collect(Collectors.toMap(Probe::source, Probe::endpoint, (first, byAnotherLine) -> first));
        return diagnosis.findings().stream()
                .collect(Collectors.groupingBy(
                        finding -> finding.source()
                                .map(id -> (id + " " + endpoints.getOrDefault(id, "")).strip())
                                .orElse(""),
                        LinkedHashMap::new,
                        Collectors.toList()));
    }

    private List<String> lines(Finding finding) {
        List<String> lines = new ArrayList<>();
        String state = messages.say("doctor." + finding.state().word());
        String check = messages.say("check." + finding.check().word());
        lines.add("  " + Cells.padRight(state, 8) + Cells.padRight(check, 10) + text(finding));
        String hints = messages.hints(finding.hints());
        if (!hints.isEmpty()) {
            lines.add(" ".repeat(10) + messages.say("doctor.to-do", hints));
        }
        return lines;
    }

    private String text(Finding finding) {
        String key = "finding." + finding.code();
        return messages.bundle().containsKey(key)
                ? messages.say(
                        key, finding.values().stream().map(messages::clause).toArray())
                : finding.text();
    }

    /** In one language and few lines: whoever reads it knows the codes, and can look for them. */
    private static List<String> report(Diagnosis diagnosis) {
        List<String> lines = new ArrayList<>();
        lines.add(FENCE);
        lines.add(diagnosis.findings().stream()
                .filter(finding -> VERSIONS.contains(finding.check()))
                .map(Finding::text)
                .collect(Collectors.joining("; ")));
        bySubject(diagnosis)
                .forEach((subject, findings) -> lines.add((subject.isEmpty() ? "machine" : subject) + ": "
                        + findings.stream()
                                .filter(finding -> !VERSIONS.contains(finding.check()))
                                .map(DiagnosisPage::coded)
                                .collect(Collectors.joining("; "))));
        lines.add(FENCE);
        return lines;
    }

    private static String coded(Finding finding) {
        return finding.values().isEmpty()
                ? finding.code()
                : finding.code() + " (" + String.join(", ", finding.values()) + ")";
    }
}
