package dev.slipway.policy;

import java.time.LocalDate;

/// Leave to break one rule in one class or package, for a reason and for a time.
///
/// @param until the last day on which it counts; [LocalDate#MAX] for good
record Waiver(Rule rule, String where, String reason, LocalDate until) {
    Waiver {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("The waiver of " + rule.id() + " for " + where + " gives no reason");
        }
    }

    boolean covers(Finding finding) {
        return Scope.within(finding.where(), where);
    }

    @Override
    public String toString() {
        return "waiver for %s until %s (%s)".formatted(where, until, reason);
    }
}
