/// From a template and a few answers to a tree of files: manifest, bundle, renderer, lock, leak test.
///
/// Nothing here executes anything that a template says. [Renderer] is a pure function; [Target] is the only
/// class that writes.
@NullMarked
package dev.slipway.tool;

import org.jspecify.annotations.NullMarked;
