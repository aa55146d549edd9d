package dev.modelfetch.it.bench;

/**
 * What a small trial told about a tool.
 *
 * @param works whether it fetched a file from a hub
 * @param verifies whether it failed, as it should, on a file with one byte changed
 * @param remark why it does not work; empty if it does
 */
record Honesty(boolean works, boolean verifies, String remark) {}
