package dev.slipway.core;

import java.util.Map;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.JsonScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.Schema;

/// YAML whose scalars are what is written: it is the setting that says what of `1.10`, `1e5` or `0123` is a number and
/// what a version or a password. Only the absence of a value is known.
final class TextSchema implements Schema {

    @Override
    public ScalarResolver getScalarResolver() {
        return (value, isPlain) -> isPlain
                        && (value.isEmpty()
                                || JsonScalarResolver.NULL.matcher(value).matches()
                                || value.equals("~"))
                ? Tag.NULL
                : Tag.STR;
    }

    @Override
    public Map<Tag, ConstructNode> getSchemaTagConstructors() {
        return Map.of(Tag.NULL, node -> null);
    }
}
