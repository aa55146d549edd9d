package dev.modelfetch.spring;

import dev.modelfetch.FetchException;
import dev.modelfetch.Probe;
import dev.modelfetch.Verdict;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says to whoever starts the application what is wrong and what can be done, instead of a stack trace. */
final class ModelfetchFailureAnalyzer extends AbstractFailureAnalyzer<FetchException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, FetchException cause) {
        StringBuilder description = new StringBuilder();
        RequiredModels.Missing missing = findCause(root, RequiredModels.Missing.class);
        if (missing != null) {
            description.append(missing.getMessage()).append(' ');
        }
        description.append(cause.getMessage());
        cause.probes().stream()
                .filter(probe -> probe.verdict().kind() != Verdict.Kind.USABLE)
                .forEach(probe -> description.append("\n    ").append(words(probe)));
        return new FailureAnalysis(description.toString(), cause.hint(), cause);
    }

    private static String words(Probe probe) {
        return probe.source() + " (" + probe.endpoint() + ", " + probe.route() + "): "
                + probe.verdict().detail();
    }
}
