package dev.slipway.infra;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Where a service's infrastructure comes from.
public enum Mode {
    /// Child processes on this machine, shared by all services and tests of one user.
    EMBEDDED,
    /// Containers, by Testcontainers, which the user of this mode adds as a dependency.
    DOCKER,
    /// Nothing is started; the service is told the address.
    EXTERNAL;

    /// The environment variable that names the mode.
    public static final String VARIABLE = "SLIPWAY_INFRA";

    /// Reads the value of [#VARIABLE], in any case of letters.
    ///
    /// @throws IllegalArgumentException for an unknown value; the message lists the known ones
    public static Mode parse(String value) {
        for (Mode mode : values()) {
            if (mode.toString().equals(value.strip().toLowerCase(Locale.ROOT))) {
                return mode;
            }
        }
        throw new IllegalArgumentException("%s=%s is unknown; it is one of %s"
                .formatted(
                        VARIABLE,
                        value,
                        Arrays.stream(values()).map(Mode::toString).collect(Collectors.joining(", "))));
    }

    /// The value of [#VARIABLE] that means this mode.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
