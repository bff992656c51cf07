package dev.slipway.core;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.slf4j.LoggerFactory;

/// Runs services.
public final class Slipway {
    private static final int WRONG_SETTINGS = 2;
    private static final int CANNOT_START = 1;

    private Slipway() {}

    /// Runs a service as this process: returns when it is ready, and the process lives until SIGTERM or Ctrl-C has
    /// stopped it. A service that cannot start says why on the error stream.
    ///
    /// Exit codes: 2 for wrong settings, 1 if it cannot start for another reason; and as with every JVM, 143 after
    /// SIGTERM and 130 after Ctrl-C, however orderly it stopped. `--help` prints all settings.
    public static <S extends Record> void run(ServiceDefinition<S> definition, String[] args) {
        var arguments = List.of(args);
        if (arguments.contains("--help")) {
            System.out.print(Settings.help(definition));
            return;
        }
        try {
            var service = start(definition, SettingsSources.ofProcess(definition, arguments));
            stopWithProcess(service);
            service.awaitReady();
            // By the log, so that it stands after "is ready".
            service.hint().ifPresent(hint -> LoggerFactory.getLogger("hint").info("{}", hint));
        } catch (SettingsException e) {
            fail(definition, WRONG_SETTINGS, e.errors());
        } catch (StartException e) {
            LoggerFactory.getLogger(Slipway.class).debug("start failed", e);
            fail(definition, CANNOT_START, e.reasons());
        } catch (CancellationException e) {
            LoggerFactory.getLogger(Slipway.class).info("{}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Every setting of a service as Markdown, a table for each section: key, variable, type, default, meaning. Defaults
    /// are those that the service is delivered with.
    public static String reference(ServiceDefinition<?> definition) {
        return Settings.reference(definition);
    }

    /// The part of [#reference] that is this service's: its own sections, and what its `settings.yaml` says of those of
    /// the chassis.
    public static String ownReference(ServiceDefinition<?> definition) {
        return Settings.ownReference(definition);
    }

    private static void stopWithProcess(RunningService service) {
        try {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(service::close));
        } catch (IllegalStateException e) {
            LoggerFactory.getLogger(Slipway.class).debug("the process is ending already", e);
            service.close();
        }
    }

    /// Starts a service inside this process and returns while it is starting; the caller closes it.
    ///
    /// @throws SettingsException if settings are wrong; nothing was started then
    /// @throws StartException if the wiring refuses to start, or ports are taken; nothing was started then
    public static <S extends Record> RunningService start(ServiceDefinition<S> definition, SettingsSources sources) {
        var settings = Settings.read(definition, sources);
        var local = settings.service().environment().allowsDevelopmentAids()
                ? ServiceLoader.load(LocalInfrastructure.class).findFirst()
                : Optional.<LocalInfrastructure>empty();
        return start(definition, settings, Time.system(), randomOfThread(), local);
    }

    /// The same with a clock and with infrastructure of the caller's choice, for tests; the service closes the latter.
    public static <S extends Record> RunningService start(
            ServiceDefinition<S> definition, SettingsSources sources, Clock clock, LocalInfrastructure infrastructure) {
        return start(definition, sources, Time.of(clock), randomOfThread(), infrastructure);
    }

    /// The same with a time and a randomness of the caller's choice, too.
    ///
    /// @param random is used by many threads
    public static <S extends Record> RunningService start(
            ServiceDefinition<S> definition,
            SettingsSources sources,
            Time time,
            RandomGenerator random,
            LocalInfrastructure infrastructure) {
        return start(definition, Settings.read(definition, sources), time, random, Optional.of(infrastructure));
    }

    private static <S extends Record> RunningService start(
            ServiceDefinition<S> definition,
            Settings<S> settings,
            Time time,
            RandomGenerator random,
            Optional<LocalInfrastructure> local) {
        var assembly = new Assembly(definition, settings.service(), time, random, local);
        RunningService service;
        try {
            definition.assemble(assembly, settings.own());
            assembly.listens(settings.service()::managementAddress);
            Ports.refusals(assembly.listeners()).forEach(assembly::refuse);
            if (!assembly.refusals().isEmpty()) {
                throw new StartException(assembly.refusals());
            }
            service = new RunningService(assembly, settings.service());
        } catch (RuntimeException | Error e) {
            RunningService.close(assembly);
            throw e;
        }
        service.start();
        return service;
    }

    /// The fastest there is, for any thread.
    private static RandomGenerator randomOfThread() {
        return () -> ThreadLocalRandom.current().nextLong();
    }

    /// What its jar says.
    private static void fail(ServiceDefinition<?> definition, int status, List<String> reasons) {
        var count = reasons.size() == 1 ? "" : " (" + reasons.size() + " reasons)";
        System.err.println(definition.name() + " cannot start" + count + ":");
        reasons.stream()
                .flatMap(reason -> Arrays.stream(reason.split("\n")))
                .forEach(reason -> System.err.println("  " + reason));
        System.exit(status);
    }
}
