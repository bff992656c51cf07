package dev.slipway.policy;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Finds uses of APIs that have no place here: whole types and packages, or single members.
final class BannedApis {
    private static final Set<String> LEGACY_DATES = Set.of(
            "java.sql.Date",
            "java.sql.Time",
            "java.sql.Timestamp",
            "java.text.DateFormat",
            "java.text.SimpleDateFormat",
            "java.util.Calendar",
            "java.util.Date",
            "java.util.GregorianCalendar",
            "java.util.TimeZone");

    private static final Set<String> DATE_CONVERSIONS = Set.of("from", "toInstant");

    private static final Set<String> SIZED_POOLS =
            Set.of("newFixedThreadPool", "newCachedThreadPool", "newWorkStealingPool");

    /// What may be done with a future that a library hands out: wait for it, or complete it.
    private static final Set<String> PLAIN_FUTURE = Set.of(
            "<init>",
            "cancel",
            "complete",
            "completeExceptionally",
            "completedFuture",
            "failedFuture",
            "get",
            "getNow",
            "isDone",
            "join",
            "toCompletableFuture");

    private static final Set<String> CLOCKS_OF_THE_SYSTEM =
            Set.of("system", "systemDefaultZone", "systemUTC", "tickMillis", "tickMinutes", "tickSeconds");

    private BannedApis() {}

    static Seen serialization(Scope scope) {
        return types(scope, "java.io.ObjectInputStream", "java.io.ObjectOutputStream", "java.io.Externalizable");
    }

    static Seen reactiveTypes(Scope scope) {
        return types(
                scope,
                "java.util.concurrent.Flow",
                "java.util.concurrent.SubmissionPublisher",
                "io.reactivex",
                "io.smallrye.mutiny",
                "org.reactivestreams",
                "reactor");
    }

    static Seen injection(Scope scope) {
        return types(
                scope,
                "com.google.inject",
                "dagger",
                "io.micronaut.context",
                "io.quarkus.arc",
                "jakarta.annotation.PostConstruct",
                "jakarta.annotation.PreDestroy",
                "jakarta.annotation.Resource",
                "jakarta.enterprise",
                "jakarta.inject",
                "javax.inject",
                "org.springframework");
    }

    static Seen legacyDates(Scope scope) {
        return scope.look(type -> Stream.concat(
                accesses(
                        type,
                        access -> LEGACY_DATES.contains(owner(access)) && !DATE_CONVERSIONS.contains(access.getName())),
                type.getMembers().stream()
                        .filter(member -> mentioned(member).anyMatch(LEGACY_DATES::contains))
                        .map(member -> "%s is declared with a legacy date type".formatted(member.getFullName()))));
    }

    static Seen sleep(Scope scope) {
        return members(
                scope,
                access -> access.getName().equals("sleep")
                        && isOneOf(owner(access), "java.lang.Thread", "java.util.concurrent.TimeUnit"));
    }

    static Seen console(Scope scope) {
        return members(scope, access -> switch (owner(access)) {
            case "java.lang.System" -> isOneOf(access.getName(), "out", "err");
            case "java.lang.IO" -> access.getName().startsWith("print");
            default ->
                access.getName().equals("printStackTrace") && parameters(access).isEmpty();
        });
    }

    static Seen threads(Scope scope) {
        return members(scope, access -> switch (owner(access)) {
            case "java.lang.Thread",
                    "java.util.Timer",
                    "java.util.concurrent.ThreadPoolExecutor",
                    "java.util.concurrent.ForkJoinPool" -> isOneOf(access.getName(), "<init>", "commonPool");
            case "java.util.concurrent.Executors" -> SIZED_POOLS.contains(access.getName());
            case "java.util.concurrent.CompletableFuture", "java.util.concurrent.CompletionStage" ->
                !PLAIN_FUTURE.contains(access.getName());
            default -> false;
        });
    }

    static Seen systemClock(Scope scope) {
        return membersOutsideApp(scope, access -> switch (access.getName()) {
            case "currentTimeMillis", "nanoTime" -> owner(access).equals("java.lang.System");
            case "now" ->
                owner(access).startsWith("java.time.") && !parameters(access).contains(Clock.class.getName());
            default ->
                isTimedWait(access)
                        || (owner(access).equals("java.time.Clock") && CLOCKS_OF_THE_SYSTEM.contains(access.getName()));
        });
    }

    private static boolean isTimedWait(JavaAccess<?> access) {
        return switch (owner(access)) {
            case "java.lang.Object" ->
                access.getName().equals("wait") && !parameters(access).isEmpty();
            case "java.lang.Thread" ->
                access.getName().equals("join") && !parameters(access).isEmpty();
            case "java.util.concurrent.TimeUnit" -> isOneOf(access.getName(), "timedWait", "timedJoin");
            case "java.util.concurrent.locks.LockSupport" -> isOneOf(access.getName(), "parkNanos", "parkUntil");
            default ->
                owner(access).startsWith("java.util.concurrent.")
                        && (isOneOf(access.getName(), "awaitNanos", "awaitUntil")
                                || parameters(access).contains(TimeUnit.class.getName()));
        };
    }

    static Seen randomness(Scope scope) {
        return membersOutsideApp(scope, access -> switch (owner(access)) {
            case "java.lang.Math" -> access.getName().equals("random");
            case "java.util.Random", "java.util.SplittableRandom", "java.security.SecureRandom" ->
                isOneOf(access.getName(), "<init>", "getInstanceStrong", "getInstance");
            case "java.util.UUID" -> access.getName().equals("randomUUID");
            case "java.util.concurrent.ThreadLocalRandom" -> access.getName().equals("current");
            case "java.util.random.RandomGenerator" -> isOneOf(access.getName(), "getDefault", "of");
            default -> false;
        });
    }

    private static Seen types(Scope scope, String... banned) {
        return scope.look(type -> Scope.describe(type.getDirectDependenciesFromSelf().stream()
                .filter(it -> Stream.of(banned)
                        .anyMatch(tree -> Scope.within(Scope.target(it).getName(), tree)))));
    }

    private static Seen members(Scope scope, Predicate<JavaAccess<?>> banned) {
        return scope.look(type -> accesses(type, banned));
    }

    private static Seen membersOutsideApp(Scope scope, Predicate<JavaAccess<?>> banned) {
        return scope.lookOutsideApp(type -> accesses(type, banned));
    }

    private static Stream<String> accesses(JavaClass type, Predicate<JavaAccess<?>> banned) {
        return type.getAccessesFromSelf().stream().filter(banned).map(JavaAccess::getDescription);
    }

    private static Stream<String> mentioned(JavaMember member) {
        return switch (member) {
            case JavaField field -> Stream.of(field.getRawType().getName());
            case JavaCodeUnit code ->
                Stream.concat(Stream.of(code.getRawReturnType()), code.getRawParameterTypes().stream())
                        .map(JavaClass::getName);
            default -> Stream.empty();
        };
    }

    private static List<String> parameters(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                ? target.getRawParameterTypes().stream().map(JavaClass::getName).toList()
                : List.of();
    }

    private static String owner(JavaAccess<?> access) {
        return access.getTargetOwner().getName();
    }

    private static boolean isOneOf(String name, String... names) {
        return List.of(names).contains(name);
    }
}
