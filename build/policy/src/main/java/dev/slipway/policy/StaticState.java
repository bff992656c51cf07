package dev.slipway.policy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Finds static fields that can change, or that hold something that can.
///
/// Bytecode does not tell whether a field of type `List` or `Map` holds an immutable one, nor whether a private array is
/// ever written to: those pass. A field whose type is a class of the same module is followed into that class.
final class StaticState {
    private static final List<String> MUTABLE_TREES =
            List.of("java.util.concurrent.atomic", "java.util.concurrent.locks", "com.github.benmanes.caffeine.cache");

    private static final Set<String> MUTABLE_TYPES = Set.of(
            "java.lang.StringBuffer",
            "java.lang.StringBuilder",
            "java.lang.ThreadLocal",
            "java.text.DateFormat",
            "java.util.BitSet",
            "java.util.Calendar",
            "java.util.Date",
            "java.util.Queue",
            "java.util.Random",
            "java.util.Timer",
            "java.util.concurrent.ConcurrentMap",
            "java.util.concurrent.CountDownLatch",
            "java.util.concurrent.Executor",
            "java.util.concurrent.Future",
            "java.util.concurrent.Semaphore");

    private StaticState() {}

    static Seen check(Scope scope) {
        return scope.look(type -> type.getFields().stream()
                .filter(field -> isStatic(field) && !isSynthetic(field))
                .filter(field -> !isFinal(field) || isMutable(scope, field))
                .map(field -> isFinal(field)
                        ? "%s is static and holds a %s, which can change"
                                .formatted(
                                        field.getFullName(), field.getRawType().getName())
                        : field.getFullName() + " is static and not final"));
    }

    private static boolean isMutable(Scope scope, JavaField field) {
        var type = field.getRawType();
        return type.isArray()
                ? !field.getModifiers().contains(JavaModifier.PRIVATE)
                : isMutable(scope, type, new HashSet<>());
    }

    private static boolean isMutable(Scope scope, JavaClass type, Set<JavaClass> visited) {
        if (!visited.add(type)) {
            return false;
        }
        return MUTABLE_TREES.stream().anyMatch(tree -> Scope.within(type.getName(), tree))
                || MUTABLE_TYPES.stream().anyMatch(type::isAssignableTo)
                || isConcreteCollection(type)
                || (scope.contains(type)
                        && type.getAllFields().stream()
                                .filter(field -> !isStatic(field) && scope.contains(field.getOwner()))
                                .anyMatch(field -> !isFinal(field) || isMutable(scope, field.getRawType(), visited)));
    }

    private static boolean isConcreteCollection(JavaClass type) {
        return !type.isInterface()
                && Scope.within(type.getPackageName(), "java.util")
                && (type.isAssignableTo(java.util.Collection.class) || type.isAssignableTo(java.util.Map.class));
    }

    private static boolean isStatic(JavaField field) {
        return field.getModifiers().contains(JavaModifier.STATIC);
    }

    private static boolean isFinal(JavaField field) {
        return field.getModifiers().contains(JavaModifier.FINAL);
    }

    private static boolean isSynthetic(JavaField field) {
        return field.getModifiers().contains(JavaModifier.SYNTHETIC);
    }
}
