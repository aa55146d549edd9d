package dev.modelfetch.it.bench;

import java.time.Duration;

/**
 * What a command took.
 *
 * @param wall from its start to its end
 * @param cpu user and system time of it and its children; negative if unknown
 * @param peak largest resident memory of any process of it, in bytes; negative if unknown
 * @param status its exit status
 */
record Cost(Duration wall, Duration cpu, long peak, int status) {}
