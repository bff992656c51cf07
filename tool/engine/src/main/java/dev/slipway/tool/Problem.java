package dev.slipway.tool;

/// One thing that is wrong, and what to do about it.
///
/// @param what what failed and why, one sentence without a full stop
/// @param fix what the reader can do, one sentence without a full stop
public record Problem(String what, String fix) {

    @Override
    public String toString() {
        return what + " (" + fix + ")";
    }
}
