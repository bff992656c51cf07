package dev.slipway.policy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.text.DateFormat;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/// Finds static fields that can change, or that hold something that can.
///
/// Bytecode does not tell whether a field of type `List` or `Map` holds an immutable one, nor whether a private array is
/// ever written to: those pass. A field whose type is a class of the same module is followed into that class.
final class StaticState {
    private static final List<String> MUTABLE_TREES =
            List.of("java.util.concurrent.atomic", "java.util.concurrent.locks", "com.github.benmanes.caffeine.cache");

    private static final Set<Class<?>> MUTABLE_TYPES = Set.of(
            BitSet.class,
            Calendar.class,
            ConcurrentMap.class,
            CountDownLatch.class,
            Date.class,
            DateFormat.class,
            Executor.class,
            Future.class,
            Queue.class,
            Random.class,
            Semaphore.class,
            StringBuffer.class,
            StringBuilder.class,
            ThreadLocal.class,
            Timer.class);

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
                || isMutableInJdk(type)
                || type.getRawSuperclass()
                        .filter(it -> isMutable(scope, it, visited))
                        .isPresent()
                || (scope.contains(type)
                        && type.getAllFields().stream()
                                .filter(field -> !isStatic(field) && scope.contains(field.getOwner()))
                                .anyMatch(field -> !isFinal(field) || isMutable(scope, field.getRawType(), visited)));
    }

    private static boolean isMutableInJdk(JavaClass type) {
        if (!type.getName().startsWith("java.")) {
            return false;
        }
        var loaded = type.reflect();
        return MUTABLE_TYPES.stream().anyMatch(mutable -> mutable.isAssignableFrom(loaded))
                || (!loaded.isInterface()
                        && Stream.of(Collection.class, Map.class).anyMatch(it -> it.isAssignableFrom(loaded)));
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
