package dev.slipway.discovery;

/// What is asked of the DNS.
///
/// @param port of all instances; 0 for SRV records, which tell the port of each
record DnsName(String name, int port) {

    static DnsName parse(String text) {
        if (text.startsWith("_") && !text.contains(":")) {
            return new DnsName(new Instance(text, 1, "").host(), 0);
        }
        var parsed = Instance.parse(text);
        return new DnsName(parsed.host(), parsed.port());
    }

    boolean isService() {
        return port == 0;
    }
}
