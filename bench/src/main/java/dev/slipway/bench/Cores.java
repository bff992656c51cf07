package dev.slipway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The cores that this process may use: the first is for the service that is measured, the others for all else.
record Cores(List<Integer> numbers) {
    private static final String ALLOWED = "Cpus_allowed_list:";

    Cores {
        numbers = List.copyOf(numbers);
        if (numbers.size() < 2) {
            throw new MeasureException("one core for the service and one for the load are needed; there is only one");
        }
    }

    static Cores ofThisProcess() throws IOException {
        try (var status = Files.lines(Path.of("/proc/self/status"))) {
            return parse(status.filter(line -> line.startsWith(ALLOWED))
                    .findFirst()
                    .orElseThrow()
                    .substring(ALLOWED.length())
                    .strip());
        }
    }

    /// @param list in the kernel's form, for example `0-3,8`
    static Cores parse(String list) {
        return new Cores(Arrays.stream(list.split(","))
                .map(range -> range.split("-"))
                .flatMapToInt(range ->
                        IntStream.rangeClosed(Integer.parseInt(range[0]), Integer.parseInt(range[range.length - 1])))
                .boxed()
                .toList());
    }

    String service() {
        return numbers.getFirst().toString();
    }

    String others() {
        return joined(numbers.subList(1, numbers.size()));
    }

    String all() {
        return joined(numbers);
    }

    private static String joined(List<Integer> cores) {
        return cores.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
