package dev.slipway.core;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a service answers at `/`: what it is, and where its pages are. As HTML for browsers, as JSON for everybody else.
/// Immutable.
public final class HomePage {
    private static final String STYLE = "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:4rem auto;"
            + "padding:0 1rem;color-scheme:light dark}p{opacity:.7}ul{list-style:none;padding:0}li{padding:.3rem 0}";

    private final String name;
    private final Optional<String> version;
    private final Environment environment;
    private final List<Link> links;
    private final Function<String, Optional<URI>> addresses;

    /// A page of the service, or the address of a protocol without pages.
    ///
    /// @param protocol whose address it is at
    /// @param path empty if there is no page
    /// @param command that asks what is no page; `{address}` stands for host and port
    record Link(String name, String protocol, String path, Optional<String> command) {
        boolean isPage() {
            return !path.isEmpty();
        }
    }

    /// A link whose address is known.
    private record Shown(Link link, URI address) {
        String name() {
            return link.name();
        }

        Optional<String> command() {
            return link.command().map(text -> text.replace("{address}", address.getAuthority()));
        }

        String json() {
            return "{\"name\":%s,\"href\":%s%s}"
                    .formatted(
                            quoted(name()),
                            quoted(address.toString()),
                            command()
                                    .map(text -> ",\"command\":" + quoted(text))
                                    .orElse(""));
        }

        String html() {
            var place = link.isPage()
                    ? "<a href=\"%s\">%s</a>".formatted(escaped(address.toString()), escaped(name()))
                    : "%s <code>%s</code>".formatted(escaped(name()), escaped(address.getAuthority()));
            var hint = command()
                    .map(text -> ": <code>" + escaped(text) + "</code>")
                    .orElse("");
            return "    <li>" + place + hint + "</li>";
        }
    }

    /// An answer of HTTP.
    public record Answer(Map<String, String> headers, String body) {
        public Answer {
            headers = Map.copyOf(headers);
        }
    }

    /// @param version unknown if the service was not packed
    /// @param addresses by protocol; empty while it is not known
    HomePage(
            String name,
            Optional<String> version,
            Environment environment,
            List<Link> links,
            Function<String, Optional<URI>> addresses) {
        this.name = name;
        this.version = version;
        this.environment = environment;
        this.links = List.copyOf(links);
        this.addresses = addresses;
    }

    /// @param protocol whose port was asked: its own pages are linked relatively
    /// @param accept the header of the request; empty if there is none
    public Answer answer(String protocol, String accept) {
        var shown = new ArrayList<Shown>();
        for (var link : links) {
            if (link.protocol().equals(protocol)) {
                shown.add(new Shown(link, URI.create(link.path())));
            } else {
                addresses
                        .apply(link.protocol())
                        .map(address -> link.isPage() ? address.resolve(link.path()) : address)
                        .ifPresent(address -> shown.add(new Shown(link, address)));
            }
        }
        return accept.contains("text/html")
                ? answer(
                        "text/html; charset=utf-8",
                        "default-src 'none'; style-src '" + hash(STYLE) + "'; img-src data:",
                        html(shown))
                : answer("application/json", "default-src 'none'", json(shown));
    }

    private static Answer answer(String type, String policy, String body) {
        return new Answer(
                Map.of(
                        "Content-Type", type,
                        "Content-Security-Policy", policy + "; base-uri 'none'; frame-ancestors 'none'",
                        "X-Content-Type-Options", "nosniff",
                        "Cache-Control", "no-store",
                        "Vary", "Accept"),
                body);
    }

    private String html(List<Shown> shown) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                  <meta charset="utf-8">
                  <meta name="viewport" content="width=device-width, initial-scale=1">
                  <title>%1$s</title>
                  <link rel="icon" href="data:,">
                  <style>%3$s</style>
                </head>
                <body>
                  <h1>%1$s</h1>
                  <p>%2$s</p>
                  <ul>
                %4$s
                  </ul>
                </body>
                </html>
                """.formatted(
                        name,
                        version.map(known -> "Version " + escaped(known) + ", ").orElse("") + written(environment),
                        STYLE,
                        shown.stream().map(Shown::html).collect(Collectors.joining("\n")));
    }

    private String json(List<Shown> shown) {
        return "{\"service\":%s,%s\"environment\":\"%s\",\"links\":[%s]}\n"
                .formatted(
                        quoted(name),
                        version.map(known -> "\"version\":" + quoted(known) + ",")
                                .orElse(""),
                        written(environment),
                        shown.stream().map(Shown::json).collect(Collectors.joining(",")));
    }

    private static String written(Environment environment) {
        return environment.name().toLowerCase(Locale.ROOT);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    private static String quoted(String text) {
        return ManagementServer.quoted(text);
    }

    private static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
