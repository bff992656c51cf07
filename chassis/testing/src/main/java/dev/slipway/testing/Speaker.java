package dev.slipway.testing;

/// Asks a service by one protocol, of which it knows what the service itself says of it.
interface Speaker extends AutoCloseable {

    String protocol();

    /// Whether the operation has an address in this protocol.
    boolean knows(String operation);

    /// The answer, with [Answer#done] values in the names of the protocol's own description and every field of it.
    Answer ask(Question question) throws Exception;

    @Override
    default void close() {}
}
