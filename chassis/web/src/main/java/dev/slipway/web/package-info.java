/// REST on Helidon WebServer: typed routes that carry their own description.
///
/// A request passes `route → authenticate → authorise → limit → validate → handler`; whatever goes wrong on the way
/// becomes a problem document ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)) with a stable code.
@NullMarked
package dev.slipway.web;

import org.jspecify.annotations.NullMarked;
