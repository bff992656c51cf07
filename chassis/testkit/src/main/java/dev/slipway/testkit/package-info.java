/// What tests of any module need: to wait, to let time pass, to cut a connection, to read the log, to run a process.
@NullMarked
package dev.slipway.testkit;

import org.jspecify.annotations.NullMarked;
