package dev.slipway.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// Java sources that a test plants, compiles and reads back as ArchUnit sees them.
///
/// Each text is one or several files, divided by lines of `---`; a file begins with its package.
record Sources(List<String> files) {
    private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
    private static final Pattern TYPE = Pattern.compile("(?:class|interface|record|enum) (\\w+)");

    /// A service that keeps every rule, with a domain, two slices, an adapter and two features.
    static final Sources CLEAN_SERVICE = new Sources(List.of()).plus("""
            package dev.slipway.core; public interface ServiceDefinition { void assemble(Assembly service); }
            ---
            package dev.slipway.core; public interface Assembly {}
            ---
            package dev.slipway.platform; public interface Platform {}
            ---
            package dev.slipway.core; public record Money(long minor) {}
            ---
            package dev.slipway.web.internal; public class Wire {}
            ---
            package javax.inject; public @interface Inject {}
            ---
            package reactor.core; public interface Mono {}
            ---
            package com.acme.loyalty;
            public final class LoyaltyApp implements dev.slipway.core.ServiceDefinition {
                public void assemble(dev.slipway.core.Assembly service) {
                    var rewards = new com.acme.loyalty.postgres.PostgresRewards(java.time.Clock.systemUTC());
                    new com.acme.loyalty.grant.GrantEndpoint(rewards, java.util.UUID::randomUUID);
                    new com.acme.loyalty.list.ListEndpoint(rewards);
                    new com.acme.loyalty.saga.LoyaltySaga(new com.acme.loyalty.kafka.Topics());
                }
            }
            ---
            package com.acme.loyalty.manager; class ReadManager {}
            ---
            @org.jspecify.annotations.NullMarked package com.acme.loyalty.manager;
            ---
            package com.acme.loyalty.domain;
            public interface Rewards { void add(Reward reward); }
            ---
            package com.acme.loyalty.domain;
            public record Reward(java.util.UUID id, int points) {
                private static final java.util.List<Integer> TIERS = java.util.List.of(10, 20);
                private static final System.Logger LOG = System.getLogger("reward");
                public boolean isTier() { LOG.log(System.Logger.Level.DEBUG, id); return TIERS.contains(points); }
            }
            ---
            package com.acme.loyalty.domain;
            public enum Level { LOW, HIGH; static int rank(Level it) { return switch (it) { case LOW -> 1; case HIGH -> 2; }; } }
            ---
            package com.acme.loyalty.grant;
            public class GrantEndpoint {
                public GrantEndpoint(com.acme.loyalty.domain.Rewards rewards, java.util.function.Supplier<java.util.UUID> ids) {
                    rewards.add(new com.acme.loyalty.domain.Reward(ids.get(), 1));
                }
            }
            ---
            package com.acme.loyalty.list;
            public class ListEndpoint { public ListEndpoint(com.acme.loyalty.domain.Rewards rewards) {} }
            ---
            package com.acme.loyalty.postgres;
            public class PostgresRewards implements com.acme.loyalty.domain.Rewards {
                private final java.time.Clock clock;
                private final java.util.Map<java.time.Instant, Object> rows = new java.util.HashMap<>();
                public PostgresRewards(java.time.Clock clock) { this.clock = clock; }
                public void add(com.acme.loyalty.domain.Reward reward) { rows.put(clock.instant(), reward); }
                java.time.LocalDate today() { return java.time.LocalDate.now(clock); }
                java.time.Instant instant(java.util.function.Supplier<java.util.Date> library) { return library.get().toInstant(); }
                int result(java.util.concurrent.CompletableFuture<Integer> library) { return library.join(); }
                Thread start(Runnable work) { return Thread.ofVirtual().start(work); }
            }
            ---
            package com.acme.loyalty.kafka;
            public class Topics {}
            ---
            package com.acme.loyalty.saga;
            public class LoyaltySaga { public LoyaltySaga(com.acme.loyalty.kafka.Topics topics) {} }
            """).withPackageInfos();

    Sources {
        files = List.copyOf(files);
    }

    Sources plus(String text) {
        return new Sources(
                Stream.concat(files.stream(), Stream.of(text.split("---\n"))).toList());
    }

    Sources withPackageInfos() {
        return new Sources(Stream.concat(
                        files.stream(),
                        files.stream().map(Sources::packageOf).distinct().map(name -> """
                                @org.jspecify.annotations.NullMarked
                                package %s;
                                """.formatted(name)))
                .toList());
    }

    /// The service's classes; those that stand in for the chassis and for libraries are compiled but not looked at.
    JavaClasses compiledIn(Path folder) throws IOException {
        var paths = new ArrayList<Path>();
        for (var file : files) {
            var path = folder.resolve("java")
                    .resolve(packageOf(file).replace('.', '/'))
                    .resolve(nameOf(file));
            Files.createDirectories(path.getParent());
            paths.add(Files.writeString(path, file));
        }
        var classes = folder.resolve("classes");
        var options = List.of(
                "-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"), "-d", classes.toString());
        var compiler = ToolProvider.getSystemJavaCompiler();
        var problems = new StringWriter();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            assertThat(compiler.getTask(
                                    problems, manager, null, options, null, manager.getJavaFileObjectsFromPaths(paths))
                            .call())
                    .as("compiles: %s", problems)
                    .isTrue();
        }
        return Scope.read(importer -> importer.importPath(classes))
                .that(JavaClass.Predicates.resideInAPackage("com.acme.loyalty.."));
    }

    private static String nameOf(String file) {
        var type = TYPE.matcher(file);
        return (file.startsWith("@") || !type.find() ? "package-info" : type.group(1)) + ".java";
    }

    private static String packageOf(String file) {
        var found = PACKAGE.matcher(file);
        assertThat(found.find()).as("a package in: %s", file).isTrue();
        return found.group(1);
    }
}
