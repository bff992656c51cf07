package dev.slipway.web;

import dev.slipway.core.HomePage;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Properties;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Serves the API's description: `/openapi/v1.json` for each version, `/docs`, which is Swagger UI from the class path,
/// and `/`, which says what else is there.
final class Docs {
    private static final String WEBJAR = "META-INF/resources/webjars/swagger-ui/";
    private static final Map<String, String> ASSETS = Map.of(
            "swagger-ui.css", "text/css",
            "swagger-ui-bundle.js", "text/javascript",
            "swagger-ui-standalone-preset.js", "text/javascript",
            "favicon-32x32.png", "image/png");

    private Docs() {}

    /// The documents are made at the first request for each, because making one takes longer than starting may.
    static void serve(HttpRouting.Builder routing, String service, HomePage home, List<Addressed> routes) {
        routing.get("/", (request, response) -> {
            var accept = String.join(",", request.headers().values(HeaderNames.ACCEPT));
            var answer = home.answer("http", accept);
            answer.headers().forEach(response::header);
            response.send(answer.body().getBytes(StandardCharsets.UTF_8));
        });
        var versions = routes.stream().map(Addressed::version).collect(Collectors.toCollection(TreeSet::new));
        if (versions.isEmpty()) {
            return;
        }
        for (var version : versions) {
            var made = new Once(() -> OpenApi.of(service, version, routes));
            routing.get(
                    "/openapi/v" + version + ".json",
                    (request, response) -> send(response, "application/json", made.get()));
        }
        var page = page(service);
        var init = init(versions.descendingSet());
        routing.get("/docs", (request, response) -> send(response, "text/html", page))
                .get("/docs/init.js", (request, response) -> send(response, "text/javascript", init))
                .get(
                        "/docs/{asset}",
                        (request, response) ->
                                asset(response, request.path().pathParameters().get("asset")));
    }

    private static final class Once {
        private final Supplier<String> source;
        private @Nullable String value;

        Once(Supplier<String> source) {
            this.source = source;
        }

        synchronized String get() {
            if (value == null) {
                value = source.get();
            }
            return value;
        }
    }

    private static void send(ServerResponse response, String type, String text) {
        response.header(HeaderNames.CONTENT_TYPE, type + "; charset=utf-8")
                .header("X-Content-Type-Options", "nosniff")
                .header(
                        "Content-Security-Policy",
                        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none';"
                                + " frame-ancestors 'none'")
                .send(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void asset(ServerResponse response, String name) throws IOException {
        var type = ASSETS.get(name);
        if (type == null) {
            response.status(Status.NOT_FOUND_404).send();
            return;
        }
        try (var in = Docs.class.getClassLoader().getResourceAsStream(WEBJAR + version() + "/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the class path has no Swagger UI");
            }
            response.header(HeaderNames.CONTENT_TYPE, type)
                    .header(HeaderNames.CACHE_CONTROL, "max-age=3600")
                    .send(in.readAllBytes());
        }
    }

    private static String version() throws IOException {
        var pom = "META-INF/maven/org.webjars/swagger-ui/pom.properties";
        try (var in = Docs.class.getClassLoader().getResourceAsStream(pom)) {
            if (in == null) {
                throw new IllegalStateException("the class path has no Swagger UI");
            }
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        }
    }

    private static String page(String service) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                  <meta charset="utf-8">
                  <meta name="viewport" content="width=device-width, initial-scale=1">
                  <title>%s API</title>
                  <link rel="stylesheet" href="docs/swagger-ui.css">
                  <link rel="icon" type="image/png" href="docs/favicon-32x32.png">
                </head>
                <body>
                  <div id="api"></div>
                  <script src="docs/swagger-ui-bundle.js"></script>
                  <script src="docs/swagger-ui-standalone-preset.js"></script>
                  <script src="docs/init.js"></script>
                </body>
                </html>
                """.formatted(service);
    }

    /// One version stands alone; of several the newest is shown first, and the bar on top, which alone reads `urls`, has
    /// the others.
    private static String init(NavigableSet<Integer> versions) {
        var documents = versions.stream()
                .map(version -> "{url: \"openapi/v%1$s.json\", name: \"v%1$s\"}".formatted(version))
                .collect(Collectors.joining(", "));
        var source = versions.size() == 1
                ? "url: \"openapi/v%s.json\", layout: \"BaseLayout\"".formatted(versions.first())
                : "urls: [%s], layout: \"StandaloneLayout\"".formatted(documents);
        return """
                SwaggerUIBundle({
                  %s,
                  dom_id: "#api",
                  deepLinking: true,
                  persistAuthorization: true,
                  validatorUrl: null,
                  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset]
                });
                """.formatted(source);
    }
}
