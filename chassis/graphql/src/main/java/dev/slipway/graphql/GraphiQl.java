package dev.slipway.graphql;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;

/// Serves GraphiQL from the class path at `/graphiql`: a page to write queries, with the schema at hand.
final class GraphiQl {
    private static final String HERE = "dev/slipway/graphql/";
    private static final String WEBJARS = "META-INF/resources/webjars/";
    private static final Map<String, Asset> ASSETS = Map.of(
            "react.js", new Asset("react", "umd/react.production.min.js", "text/javascript"),
            "react-dom.js", new Asset("react-dom", "umd/react-dom.production.min.js", "text/javascript"),
            "graphiql.js", new Asset("graphiql", "graphiql.min.js", "text/javascript"),
            "graphiql.css", new Asset("graphiql", "graphiql.min.css", "text/css"));

    private static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");

    private record Asset(String webjar, String path, String type) {}

    private GraphiQl() {}

    /// @param session what the page opens on, as JSON; asked for at each visit
    static void serve(HttpRouting.Builder routing, String service, Supplier<byte[]> session) {
        routing.get("/graphiql", (request, response) -> {
            var page = new String(resource(HERE + "graphiql.html"), StandardCharsets.UTF_8);
            send(response, "text/html", page.replace("{service}", service).getBytes(StandardCharsets.UTF_8));
        });
        routing.get(
                "/graphiql/start.js",
                (request, response) -> send(response, "text/javascript", resource(HERE + "graphiql-start.js")));
        routing.get(
                "/graphiql/session.json",
                (request, response) -> send(response.header(NO_STORE), "application/json", session.get()));
        ASSETS.forEach((name, asset) ->
                routing.get("/graphiql/" + name, (request, response) -> send(response, asset.type(), bytes(asset))));
    }

    private static void send(ServerResponse response, String type, byte[] bytes) {
        response.header(HeaderNames.CONTENT_TYPE, type + "; charset=utf-8")
                .header("X-Content-Type-Options", "nosniff")
                .header(
                        "Content-Security-Policy",
                        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:;"
                                + " base-uri 'none'; frame-ancestors 'none'")
                .send(bytes);
    }

    private static byte[] bytes(Asset asset) throws IOException {
        var properties = new Properties();
        properties.load(new ByteArrayInputStream(
                resource("META-INF/maven/org.webjars.npm/" + asset.webjar() + "/pom.properties")));
        return resource(WEBJARS + asset.webjar() + "/" + properties.getProperty("version") + "/" + asset.path());
    }

    private static byte[] resource(String path) throws IOException {
        try (var in = GraphiQl.class.getClassLoader().getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the class path has no " + path);
            }
            return in.readAllBytes();
        }
    }
}
