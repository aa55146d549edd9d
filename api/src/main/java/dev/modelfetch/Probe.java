package dev.modelfetch;

/**
 * One source's answer in a race.
 *
 * @param source its id
 * @param endpoint address asked, without credentials
 * @param route {@code direct}, or the proxy with user info masked
 * @param verdict what it said
 * @param millis from the request to the parsed answer; for an unanswered probe, how long it was given
 */
public record Probe(String source, String endpoint, String route, Verdict verdict, long millis) {}
