package dev.slipway.web;

import java.util.List;
import java.util.SortedSet;

/// Serves a path, without parameters, by another protocol than REST, behind the same edge; see [Mount#endpoint].
public interface Mounted extends Endpoint {

    /// What it serves; other methods are refused.
    SortedSet<String> methods();

    /// The request headers of its own that pages of known origins may send.
    List<String> headers();
}
