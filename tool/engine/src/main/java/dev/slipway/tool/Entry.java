package dev.slipway.tool;

/// One file of a bundle.
///
/// @param path relative, with `/` between its segments; see [PathRules] for what is refused
/// @param executable mode 0755 if true, 0644 otherwise; nothing else exists
public record Entry(String path, Content content, boolean executable) {

    public Entry {
        PathRules.problem(path).ifPresent(problem -> {
            throw new GenerationException(
                    GenerationException.Cause.TEMPLATE,
                    problem,
                    "Do not use this bundle; ask its author for a clean one");
        });
    }
}
