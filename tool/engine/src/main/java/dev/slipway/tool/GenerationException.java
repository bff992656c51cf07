package dev.slipway.tool;

import java.util.List;

/// Nothing was generated, since what was given is wrong; every problem is reported at once and nothing was written.
public final class GenerationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// Whose mistake it is: the person's who asked, or that of the template or the machine.
    public enum Cause {
        REQUEST,
        TEMPLATE,
        TARGET
    }

    private final Cause origin;
    private final transient List<Problem> problems;

    public GenerationException(Cause origin, List<Problem> problems) {
        super(String.join("; ", problems.stream().map(Problem::what).toList()));
        this.origin = origin;
        this.problems = List.copyOf(problems);
    }

    GenerationException(Cause origin, String what, String fix) {
        this(origin, List.of(new Problem(what, fix)));
    }

    public Cause origin() {
        return origin;
    }

    public List<Problem> problems() {
        return problems;
    }
}
