package dev.slipway.web;

import dev.slipway.resilience.ConcurrencyLimit;
import dev.slipway.security.StreamLimit;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.Method;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;

/// Where another protocol joins the server of REST; used while the server is put together.
public final class Mount {
    private final HttpRouting.Builder routing;
    private final WebServerConfig.Builder server;
    private final RestContext rest;

    Mount(HttpRouting.Builder routing, WebServerConfig.Builder server, RestContext rest) {
        this.routing = routing;
        this.server = server;
        this.rest = rest;
    }

    /// Serves a path behind the edge: admission control, the check of the framing, context and caller, limits of bodies, gzip, CORS,
    /// metrics and the access log are those of REST.
    public Mount endpoint(Mounted endpoint) {
        for (var method : endpoint.methods()) {
            routing.route(Method.create(method), endpoint.path(), new Edge(rest, endpoint, method)::serve);
        }
        Rest.serveOtherMethods(routing, rest, endpoint.path(), endpoint.methods(), endpoint.headers());
        return this;
    }

    /// The client of a connection that is no longer HTTP's has been heard: it may be silent for `http.idle-timeout` now.
    public void heard(PeerInfo client) {
        rest.connections().of(client).awaitsMessage();
    }

    /// Another kind of work for admission control: one that no request brings, and that holds a place like one.
    public ConcurrencyLimit.Workload newWorkload() {
        return rest.admission().workload();
    }

    /// Bounds what holds a connection for as long as its client likes.
    public StreamLimit streams() {
        return rest.streams();
    }

    /// For what needs no edge: pages that never change.
    public HttpRouting.Builder routing() {
        return routing;
    }

    /// For other protocols than HTTP, and what they upgrade to.
    public WebServerConfig.Builder server() {
        return server;
    }
}
