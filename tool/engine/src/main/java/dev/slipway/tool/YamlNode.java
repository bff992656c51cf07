package dev.slipway.tool;

import java.util.List;
import java.util.Map;

/// YAML as plain data with line numbers; read by [YamlReader].
sealed interface YamlNode {

    int line();

    record Scalar(String value, int line) implements YamlNode {}

    record Sequence(List<YamlNode> items, int line) implements YamlNode {}

    record Mapping(Map<String, YamlNode> entries, int line) implements YamlNode {}
}
