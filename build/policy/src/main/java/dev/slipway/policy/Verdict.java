package dev.slipway.policy;

import java.util.List;

/// How a module stands to one rule.
public sealed interface Verdict {
    Rule rule();

    /// @param seen how many classes or packages were looked at
    record Kept(Rule rule, int seen) implements Verdict {}

    /// @param findings one line each, with class and line number where there is one
    record Broken(Rule rule, List<String> findings) implements Verdict {
        public Broken {
            findings = List.copyOf(findings);
        }
    }

    /// The module has nothing that the rule is about, for instance no domain.
    record NotApplicable(Rule rule) implements Verdict {}
}
