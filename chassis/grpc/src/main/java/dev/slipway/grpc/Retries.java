package dev.slipway.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The [service config](https://github.com/grpc/grpc/blob/master/doc/service_config.md) of a channel: who is called,
/// and what is tried again.
///
/// A call is tried again only if the service cannot be reached, and only as long as failures are few: each costs a
/// token of ten, each success brings a tenth of one back, and below five nothing is tried again.
///
/// @param policy by which calls are spread over the copies
record Retries(GrpcClientSettings settings, String policy) {
    private static final List<String> UNREACHABLE = List.of("UNAVAILABLE");
    private static final int LONGEST_BACKOFF = 10;

    /// Tries methods again that their proto files declare `NO_SIDE_EFFECTS` or `IDEMPOTENT`, and no others.
    Map<String, ?> ofDeclared(List<ServiceDescriptor> services) {
        var hedges = settings.hedgingDelay().isPresent();
        var methods = new ArrayList<Map<String, ?>>();
        if (settings.maxAttempts() > 1) {
            // The generator marks a method without side effects as idempotent, too.
            add(methods, names(services, method -> method.isIdempotent() && !(hedges && method.isSafe())), retry());
            settings.hedgingDelay()
                    .ifPresent(delay -> add(methods, names(services, MethodDescriptor::isSafe), hedge(delay)));
        }
        return config(methods);
    }

    /// Tries all methods again: for calls that carry an idempotency key.
    Map<String, ?> ofAll() {
        var methods = new ArrayList<Map<String, ?>>();
        if (settings.maxAttempts() > 1) {
            add(methods, List.of(Map.of()), retry());
        }
        return config(methods);
    }

    private Map<String, ?> config(List<Map<String, ?>> methods) {
        return Map.of(
                "loadBalancingConfig",
                List.of(Map.of(policy, Map.of())),
                "healthCheckConfig",
                Map.of("serviceName", ""),
                "retryThrottling",
                Map.of("maxTokens", 10.0, "tokenRatio", 0.1),
                "methodConfig",
                methods);
    }

    private static void add(List<Map<String, ?>> methods, List<Map<String, ?>> names, Map<String, ?> policy) {
        if (!names.isEmpty()) {
            var method = new HashMap<String, Object>(policy);
            method.put("name", names);
            methods.add(method);
        }
    }

    private static List<Map<String, ?>> names(
            List<ServiceDescriptor> services, Predicate<MethodDescriptor<?, ?>> isMeant) {
        return services.stream()
                .flatMap(service -> service.getMethods().stream())
                .filter(isMeant)
                .<Map<String, ?>>flatMap(method ->
                        Stream.of(Map.of("service", method.getServiceName(), "method", method.getBareMethodName())))
                .toList();
    }

    private Map<String, ?> retry() {
        return again(
                "retryPolicy",
                "retryableStatusCodes",
                Map.of(
                        "initialBackoff",
                        seconds(settings.backoff()),
                        "maxBackoff",
                        seconds(settings.backoff().multipliedBy(LONGEST_BACKOFF)),
                        "backoffMultiplier",
                        2.0));
    }

    private Map<String, ?> hedge(Duration delay) {
        return again("hedgingPolicy", "nonFatalStatusCodes", Map.of("hedgingDelay", seconds(delay)));
    }

    private Map<String, ?> again(String name, String codes, Map<String, ?> pauses) {
        var policy = new HashMap<String, Object>(pauses);
        policy.put("maxAttempts", (double) settings.maxAttempts());
        policy.put(codes, UNREACHABLE);
        return Map.of(name, policy);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%d.%09ds", duration.toSeconds(), duration.toNanosPart());
    }
}
