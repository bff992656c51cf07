/// What a service needs in development and in tests: the infrastructure of this machine, tokens, its AOT cache.
@NullMarked
package dev.slipway.local;

import org.jspecify.annotations.NullMarked;
