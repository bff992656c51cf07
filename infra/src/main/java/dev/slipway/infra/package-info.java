/// Real infrastructure as child processes of the services and tests that use it; no Docker.
@NullMarked
package dev.slipway.infra;

import org.jspecify.annotations.NullMarked;
