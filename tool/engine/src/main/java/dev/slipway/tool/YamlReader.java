package dev.slipway.tool;

import dev.slipway.tool.YamlNode.Mapping;
import dev.slipway.tool.YamlNode.Scalar;
import dev.slipway.tool.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads YAML strictly: no tags, no anchors or aliases, no duplicate keys, and bounded in size, depth and number of
/// nodes, so that no document can do more than be read.
///
/// It works on the parser's events, which keeps the depth a number and not a call stack.
final class YamlReader {

    private static final int LARGEST = 64 * 1024;
    private static final int DEEPEST = 8;
    private static final int MOST_NODES = 4096;

    private sealed interface Open {
        void add(YamlNode node);

        YamlNode close();
    }

    private record OpenSequence(List<YamlNode> items, int line) implements Open {
        @Override
        public void add(YamlNode node) {
            items.add(node);
        }

        @Override
        public YamlNode close() {
            return new Sequence(List.copyOf(items), line);
        }
    }

    private static final class OpenMapping implements Open {
        private final String source;
        private final int line;
        private final Map<String, YamlNode> entries = new LinkedHashMap<>();
        private String key = "";
        private boolean awaitsValue;

        OpenMapping(String source, int line) {
            this.source = source;
            this.line = line;
        }

        @Override
        public void add(YamlNode node) {
            if (awaitsValue) {
                entries.put(key, node);
                awaitsValue = false;
                return;
            }
            key = switch (node) {
                case Scalar scalar -> scalar.value();
                case Sequence other -> throw failure(source, other.line(), "has a key that is not a word");
                case Mapping other -> throw failure(source, other.line(), "has a key that is not a word");
            };
            if (entries.containsKey(key)) {
                throw failure(source, node.line(), "has the key '" + key + "' twice");
            }
            awaitsValue = true;
        }

        @Override
        public YamlNode close() {
            return new Mapping(entries, line);
        }
    }

    private final String source;
    private final List<Open> open = new ArrayList<>();
    private final List<YamlNode> documents = new ArrayList<>();
    private int nodes;

    private YamlReader(String source) {
        this.source = source;
    }

    private void accept(Event event) {
        int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        if (event instanceof AliasEvent
                || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
            throw failure(source, line, "uses an anchor or alias, which are not allowed");
        }
        if ((event instanceof ScalarEvent scalar && scalar.getTag().isPresent())
                || (event instanceof CollectionStartEvent start
                        && start.getTag().isPresent())) {
            throw failure(source, line, "uses a tag, which are not allowed");
        }
        if (event instanceof NodeEvent && ++nodes > MOST_NODES) {
            throw failure(source, line, "has more than " + MOST_NODES + " nodes");
        }
        switch (event.getEventId()) {
            case Scalar -> add(new Scalar(((ScalarEvent) event).getValue(), line));
            case SequenceStart -> push(new OpenSequence(new ArrayList<>(), line), line);
            case MappingStart -> push(new OpenMapping(source, line), line);
            case SequenceEnd, MappingEnd -> add(open.removeLast().close());
            case Alias, Comment, DocumentStart, DocumentEnd, StreamStart, StreamEnd -> {}
        }
    }

    private void push(Open container, int line) {
        if (open.size() == DEEPEST) {
            throw failure(source, line, "is nested deeper than " + DEEPEST + " levels");
        }
        open.add(container);
    }

    private void add(YamlNode node) {
        if (open.isEmpty()) {
            documents.add(node);
        } else {
            open.getLast().add(node);
        }
    }

    private YamlNode document() {
        if (documents.size() != 1) {
            throw failure(source, 1, "must hold exactly one document, not " + documents.size());
        }
        return documents.getFirst();
    }

    /// Reads one document.
    ///
    /// @throws GenerationException if it is not such a document
    static YamlNode read(String source, String text) {
        if (text.length() > LARGEST) {
            throw failure(source, 1, "is larger than " + LARGEST + " characters");
        }
        var settings = LoadSettings.builder().setLabel(source).build();
        try {
            var reader = new YamlReader(source);
            for (Event event : new Parse(settings).parseString(text)) {
                reader.accept(event);
            }
            return reader.document();
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw failure(source, line, "is not valid YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw failure(source, 1, "is not valid YAML: " + e.getMessage());
        }
    }

    private static GenerationException failure(String source, int line, String what) {
        return new GenerationException(
                GenerationException.Cause.TEMPLATE,
                source + ":" + line + ": " + what,
                "Write plain YAML as docs/templates.md shows");
    }
}
