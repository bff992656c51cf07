package dev.slipway.policy;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// What a check has looked at, and what it found.
record Seen(int count, List<Finding> findings) {
    Seen {
        findings = findings.stream().distinct().toList();
    }

    static Seen in(Collection<JavaClass> classes, Function<JavaClass, Stream<String>> look) {
        return new Seen(
                classes.size(),
                classes.stream()
                        .flatMap(type -> look.apply(type).sorted().map(what -> new Finding(type.getName(), what)))
                        .toList());
    }
}
