/// GraphQL: a schema whose fields are operations, over HTTP, WebSocket and server-sent events.
@NullMarked
package dev.slipway.graphql;

import org.jspecify.annotations.NullMarked;
