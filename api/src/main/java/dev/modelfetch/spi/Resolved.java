package dev.modelfetch.spi;

import dev.modelfetch.Repo;

/**
 * A revision pinned to a commit at one source.
 *
 * @param repo as this source knows it
 * @param revision the branch or tag as this source spells it, or the commit when that was asked for
 * @param commit immutable
 */
public record Resolved(Repo repo, String revision, String commit) {}
