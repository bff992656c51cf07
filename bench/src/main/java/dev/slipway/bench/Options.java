package dev.slipway.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What the command line asks for.
///
/// @param rounds how often each side is measured
/// @param seconds how long each side is under load in each round
/// @param warmUp how many seconds each side is under load before the first round
/// @param save name of the file below `bench/results`
record Options(Subject subject, int rounds, int seconds, int warmUp, Optional<String> save) {
    static final String USAGE = """
            usage: bench/run [load|write|graphql|grpc] [--rounds N] [--seconds N] [--warm-up N] [--save NAME] [--no-build]
                   bench/run subscriptions|new [--rounds N] [--save NAME] [--no-build]

              load           the user service beside its bare twin: rate, latency, start, memory (the default)
              write          its POST, POST with an idempotency key and PUT with a version, beside the twin
              graphql        its GraphQL query of one profile beside its REST read of the same: rate, latency
              grpc           its read by gRPC beside bare grpc-java: rate, latency, memory
              subscriptions  the memory of 1,000 idle GraphQL subscriptions
              new            how long ./slipway new takes
              --rounds       how often each side is measured (1 to 50; 5, for subscriptions 3, for new 10)
              --seconds      of load in each round (1 to 60; 10)
              --warm-up      seconds of load before the first round (0 to 120; 60)
              --save         writes the result to bench/results/NAME.md as well
              --no-build     measures what is built, even if sources are newer
              --help         prints this
            """;

    /// Of load on one side; tokens last an hour.
    private static final int MOST_SECONDS = 1_200;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,60}");

    enum Subject {
        LOAD,
        WRITE,
        GRAPHQL,
        GRPC,
        SUBSCRIPTIONS,
        NEW;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private Options byDefault() {
            return switch (this) {
                case LOAD -> new Options(this, 5, 10, 60, Optional.empty());
                case WRITE, GRAPHQL, GRPC -> new Options(this, 5, 10, 60, Optional.empty());
                case SUBSCRIPTIONS -> new Options(this, 3, 1, 0, Optional.empty());
                case NEW -> new Options(this, 10, 1, 0, Optional.empty());
            };
        }
    }

    Options {
        between("--rounds", rounds, 1, 50);
        between("--seconds", seconds, 1, 60);
        between("--warm-up", warmUp, 0, 120);
        between("--rounds times --seconds", rounds * seconds, 1, MOST_SECONDS);
        save.filter(name -> !NAME.matcher(name).matches()).ifPresent(name -> {
            throw new IllegalArgumentException("--save takes small letters, digits, '.' and '-', not '" + name + "'");
        });
    }

    /// @throws IllegalArgumentException that says what is wrong
    static Options parse(List<String> arguments) {
        var named = arguments.stream()
                .limit(1)
                .flatMap(word -> Arrays.stream(Subject.values())
                        .filter(subject -> subject.word().equals(word)))
                .findFirst();
        var options = named.orElse(Subject.LOAD).byDefault();
        for (var rest = arguments
                        .subList(named.isPresent() ? 1 : 0, arguments.size())
                        .iterator();
                rest.hasNext(); ) {
            var option = rest.next();
            if (!rest.hasNext()) {
                throw new IllegalArgumentException("'%s' is not known, or lacks its value".formatted(option));
            }
            options = options.with(option, rest.next());
        }
        return options;
    }

    private Options with(String option, String value) {
        return switch (option) {
            case "--rounds" -> new Options(subject, number(option, value), seconds, warmUp, save);
            case "--seconds" -> new Options(subject, rounds, number(option, value), warmUp, save);
            case "--warm-up" -> new Options(subject, rounds, seconds, number(option, value), save);
            case "--save" -> new Options(subject, rounds, seconds, warmUp, Optional.of(value));
            default -> throw new IllegalArgumentException("'%s' is not known".formatted(option));
        };
    }

    private static int number(String option, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("%s takes a number, not '%s'".formatted(option, value), e);
        }
    }

    private static void between(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s takes %s to %s, not %s".formatted(option, least, most, value));
        }
    }

    /// The command that asks for the same.
    String command() {
        return "bench/run "
                + subject.word()
                + switch (subject) {
                    case LOAD, WRITE, GRAPHQL, GRPC ->
                        " --rounds %s --seconds %s --warm-up %s".formatted(rounds, seconds, warmUp);
                    case SUBSCRIPTIONS, NEW -> " --rounds " + rounds;
                };
    }
}
