package dev.modelfetch;

import java.util.Optional;

/**
 * Where a failure comes from, for whoever has to ask the operator.
 *
 * @param source id of the source
 * @param host that answered last, or did not: of the hub, or the data host it had sent us to
 * @param requestId by which the host can find the request in its log, if it gave one
 */
public record Origin(String source, String host, Optional<String> requestId) {}
