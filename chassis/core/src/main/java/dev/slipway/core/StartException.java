package dev.slipway.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A service cannot start, and trying again without a change would not help.
public final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> reasons;

    /// @param reasons one line each: what is wrong and how to mend it
    public StartException(List<String> reasons) {
        this(reasons, null);
    }

    StartException(List<String> reasons, @Nullable Throwable cause) {
        super(String.join("\n", reasons), cause);
        this.reasons = List.copyOf(reasons);
    }

    public StartException(String reason, @Nullable Throwable cause) {
        super(reason, cause);
        this.reasons = List.of(reason);
    }

    public List<String> reasons() {
        return reasons;
    }
}
