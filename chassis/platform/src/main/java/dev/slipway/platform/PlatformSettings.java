package dev.slipway.platform;

import dev.slipway.core.Unwrapped;
import dev.slipway.postgres.PostgresSettings;
import dev.slipway.security.LimitSettings;
import dev.slipway.security.TokenSettings;
import dev.slipway.telemetry.TelemetrySettings;

/// The sections of the parts that [Platform] opens.
@Unwrapped
public record PlatformSettings(
        TelemetrySettings telemetry, TokenSettings tokens, LimitSettings limits, PostgresSettings postgres) {}
