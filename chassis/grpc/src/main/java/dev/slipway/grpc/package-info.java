/// Operations served by gRPC, and clients that call other services by it.
///
/// A service binds its operations to the methods of its proto files ([dev.slipway.grpc.GrpcService]) and opens a
/// server ([dev.slipway.grpc.Grpc]); [dev.slipway.grpc.GrpcClient] is the other end.
@NullMarked
package dev.slipway.grpc;

import org.jspecify.annotations.NullMarked;
