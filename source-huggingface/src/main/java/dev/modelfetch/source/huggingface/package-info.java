/**
 * Hugging Face, where most repositories are born. {@link dev.modelfetch.source.huggingface.HubClient} speaks the protocol
 * and is shared with mirrors; what a source believes of the answers is said by its {@link
 * dev.modelfetch.source.huggingface.HubRules}.
 */
@NullMarked
package dev.modelfetch.source.huggingface;

import org.jspecify.annotations.NullMarked;
