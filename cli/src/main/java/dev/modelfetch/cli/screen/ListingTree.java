package dev.modelfetch.cli.screen;

import dev.modelfetch.Listing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What {@code fetch ls --tree} tells a person: folders and files with their sizes, then the sums. */
public final class ListingTree {

    /** A folder or a file; files have nothing below them. */
    private static final class Node {
        private final Map<String, Node> below = new TreeMap<>();
        private long bytes;

        private void add(List<String> path, long size) {
            bytes += size;
            if (!path.isEmpty()) {
                below.computeIfAbsent(path.get(0), name -> new Node()).add(path.subList(1, path.size()), size);
            }
        }
    }

    private ListingTree() {}

    public static List<String> lines(Listing listing, Messages messages) {
        Node root = new Node();
        listing.rows()
                .forEach(row -> root.add(
                        List.of(row.file().path().split("/")), row.file().size()));
        List<String> names = new ArrayList<>();
        List<String> sizes = new ArrayList<>();
        draw(root, "", names, sizes);
        int width = names.stream().mapToInt(Cells::width).max().orElse(0);
        List<String> lines = new ArrayList<>();
        lines.add(Cells.plain(listing.manifest().repo().id()));
        for (int i = 0; i < names.size(); i++) {
            lines.add(Cells.padRight(names.get(i), width) + "  " + sizes.get(i));
        }
        lines.add(messages.say("ls.total", Count.files(listing.rows().size(), messages), Figures.bytes(root.bytes)));
        return lines;
    }

    private static void draw(Node folder, String indent, List<String> names, List<String> sizes) {
        int left = folder.below.size();
        for (Map.Entry<String, Node> entry : folder.below.entrySet()) {
            boolean last = --left == 0;
            Node node = entry.getValue();
            String name = Cells.plain(entry.getKey()) + (node.below.isEmpty() ? "" : "/");
            names.add(indent + (last ? "└─ " : "├─ ") + name);
            sizes.add(Figures.bytes(node.bytes));
            draw(node, indent + (last ? "   " : "│  "), names, sizes);
        }
    }
}
