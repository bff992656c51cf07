package dev.slipway.web;

import io.helidon.http.HeaderName;
import io.helidon.http.ServerRequestHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a client accepts, with its preferences: a header like `Accept` or `Accept-Encoding`
/// ([RFC 9110, 12.4 and 12.5](https://www.rfc-editor.org/rfc/rfc9110#section-12.4)). Names are compared without case;
/// parameters but `q` do not count; what cannot be read is left out.
///
/// @param choices in the order of the header's lines
public record Accepted(List<Choice> choices) {
    public static final Accepted ANYTHING = new Accepted(List.of(new Choice("*/*", 1)));

    /// @param name in lower case, perhaps with `*`
    /// @param quality from 0, which refuses it, to 1
    public record Choice(String name, double quality) {}

    public static Accepted of(ServerRequestHeaders headers, HeaderName header) {
        var choices = new ArrayList<Choice>();
        for (var line : headers.all(header, List::of)) {
            for (var element : line.split(",")) {
                var parts = element.split(";");
                var name = parts.length == 0 ? "" : parts[0].strip().toLowerCase(Locale.ROOT);
                var quality = quality(parts);
                if (!name.isEmpty() && quality >= 0) {
                    choices.add(new Choice(name, quality));
                }
            }
        }
        return new Accepted(List.copyOf(choices));
    }

    /// -1 if it is none.
    private static double quality(String[] parts) {
        for (var i = 1; i < parts.length; i++) {
            var parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("q=")) {
                return parameter.matches("q=(0(\\.\\d{0,3})?|1(\\.0{0,3})?)")
                        ? Double.parseDouble(parameter.substring(2))
                        : -1;
            }
        }
        return 1;
    }

    /// How much the client wants a media type: the most specific range that is about it decides.
    ///
    /// @param type in lower case
    public double ofMediaType(String type) {
        var range = type.substring(0, type.indexOf('/')) + "/*";
        return names(type) ? of(type) : names(range) ? of(range) : of("*/*");
    }

    /// How much the client wants something by its name, or by `*`.
    double ofName(String name) {
        return names(name) ? of(name) : of("*");
    }

    /// Whether a choice has this name itself.
    public boolean names(String name) {
        return choices.stream().anyMatch(choice -> choice.name().equals(name));
    }

    private double of(String name) {
        return choices.stream()
                .filter(choice -> choice.name().equals(name))
                .mapToDouble(Choice::quality)
                .max()
                .orElse(0);
    }
}
