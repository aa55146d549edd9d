package dev.modelfetch;

import java.nio.file.Path;
import java.util.List;

/**
 * What a job would do; making one writes nothing.
 *
 * @param listing what is there and who has it
 * @param path where it would end up
 * @param items selected files in listing order
 * @param bytesFree on the volume of {@code path}
 */
public record Plan(Listing listing, Path path, List<Item> items, long bytesFree) {

    /**
     * One selected file.
     *
     * @param file its row
     * @param sources that can deliver exactly this content, best first
     * @param stored whether it is already there and correct
     * @param present bytes that need not be fetched: all of them when stored, those of a partial download otherwise
     */
    public record Item(RepoFile file, List<String> sources, boolean stored, long present) {
        public Item {
            sources = List.copyOf(sources);
        }
    }

    public Plan {
        items = List.copyOf(items);
    }

    /** Bytes that would come over the network. */
    public long bytesToFetch() {
        return items.stream()
                .mapToLong(item -> item.file().size() - item.present())
                .sum();
    }

    /** Bytes that are there already. */
    public long bytesPresent() {
        return items.stream().mapToLong(Item::present).sum();
    }
}
