/// Use cases that describe themselves, and the one chain by which every protocol calls them.
@NullMarked
package dev.slipway.operation;

import org.jspecify.annotations.NullMarked;
