package dev.slipway.grpc;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.slipway.core.Assembly;
import dev.slipway.core.Caller;
import dev.slipway.core.Component;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.core.Slipway;
import dev.slipway.graphql.Graph;
import dev.slipway.graphql.GraphQl;
import dev.slipway.graphql.GraphQlSettings;
import dev.slipway.operation.Call;
import dev.slipway.operation.InMemoryIdempotency;
import dev.slipway.operation.Items;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Operations;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.ProtocolHost;
import dev.slipway.operation.Streaming;
import dev.slipway.security.Policy;
import dev.slipway.web.HttpSettings;
import dev.slipway.web.Rest;
import dev.slipway.web.Route;
import dev.slipway.web.StreamRoute;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/// A service that speaks all protocols, to be run as a process of its own. What it is asked to unload it has unloaded only
