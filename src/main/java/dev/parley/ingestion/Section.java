package dev.parley.ingestion;

import dev.parley.ingestion.Block.Kind;
import java.util.ArrayList;
import java.util.List;

/// A heading (or several on end) with what stands below it, up to the next heading.
///
/// @param above the headings it stands under, outermost first
/// @param path these and its own
/// @param blocks its own headings, then its body
record Section(List<Block> above, List<Block> path, List<Block> blocks) {

    /// A document's sections, in order; together they have all of its blocks.
    static List<Section> of(Document document) {
        var sections = new ArrayList<Section>();
        List<Block> above = List.of();
        List<Block> path = List.of();
        var blocks = new ArrayList<Block>();
        for (Block block : document.blocks()) {
            if (block.kind() == Kind.HEADING) {
                boolean hasBody = !blocks.isEmpty() && blocks.getLast().kind() != Kind.HEADING;
                boolean closesSibling =
                        !blocks.isEmpty() && block.level() <= blocks.getLast().level();
                if (hasBody || closesSibling) {
                    sections.add(new Section(above, path, List.copyOf(blocks)));
                    blocks.clear();
                }
                List<Block> parents = parents(path, block);
                above = blocks.isEmpty() ? parents : above;
                path = append(parents, block);
            }
            blocks.add(block);
        }
        sections.add(new Section(above, path, List.copyOf(blocks)));
        return sections;
    }

    private static List<Block> parents(List<Block> path, Block heading) {
        return path.stream()
                .takeWhile(parent -> parent.level() < heading.level())
                .toList();
    }

    private static List<Block> append(List<Block> parents, Block heading) {
        var path = new ArrayList<>(parents);
        path.add(heading);
        return List.copyOf(path);
    }
}
