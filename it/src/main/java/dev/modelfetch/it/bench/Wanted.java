package dev.modelfetch.it.bench;

/**
 * One file that has to arrive.
 *
 * @param path in the repository
 * @param address for tools that know nothing else
 * @param size in bytes
 * @param sha256 of the content
 */
record Wanted(String path, String address, long size, String sha256) {}
