package dev.slipway.discovery;

import java.util.regex.Pattern;

/// One copy of a service, and where it listens.
///
/// @param host a name or an address; an IPv6 address without brackets
/// @param zone where it runs, for [Strategy#ZONE_AWARE]; empty if nobody said
public record Instance(String host, int port, String zone) {
    /// Whoever may write to etcd names hosts, and hosts end up in URIs and in the log.
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}");

    private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9._-]{0,63}");
    private static final Pattern WRITTEN =
            Pattern.compile("(?:\\[(?<six>[^]]+)]|(?<host>[^:@\\[]+)):(?<port>\\d{1,5})(?:@(?<zone>.+))?");

    public Instance {
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException("not a host: \"" + printable(host) + "\"");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        if (!ZONE.matcher(zone).matches()) {
            throw new IllegalArgumentException("not a zone: \"" + printable(zone) + "\"");
        }
    }

    /// Reads `host:port` or `host:port@zone`; an IPv6 address stands in brackets.
    public static Instance parse(String text) {
        var parts = WRITTEN.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "\"" + printable(text) + "\" is not of the form host:port or host:port@zone");
        }
        var host = parts.group("six") == null ? parts.group("host") : parts.group("six");
        var zone = parts.group("zone") == null ? "" : parts.group("zone");
        return new Instance(host, Integer.parseInt(parts.group("port")), zone);
    }

    /// `host:port`, as it stands in a URI.
    public String address() {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }

    @Override
    public String toString() {
        return zone.isEmpty() ? address() : address() + "@" + zone;
    }

    static String printable(String text) {
        var start = text.length() > 80 ? text.substring(0, 80) + "…" : text;
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
