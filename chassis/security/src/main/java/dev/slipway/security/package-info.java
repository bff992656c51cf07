/// Who calls, and what they may do: verified bearer tokens and the policies of operations.
@NullMarked
package dev.slipway.security;

import org.jspecify.annotations.NullMarked;
