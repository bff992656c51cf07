package dev.slipway.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.Problem.Retry;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Problems as gRPC tells them: a `google.rpc.Status` with details ([AIP-193](https://google.aip.dev/193)).
///
/// `ErrorInfo.reason` is the stable code that problem documents carry too, `ErrorInfo.domain` the service, and its metadata
/// say with `retry` whether the same call is worth trying again. `BadRequest` holds the wrong fields, `RetryInfo` when trying again makes sense, `RequestInfo` the request id.
public final class GrpcProblems {
    private static final String RETRY = "retry";

    private GrpcProblems() {}

    /// The status of each kind of problem.
    public static Status.Code code(Kind kind) {
        return switch (kind) {
            case INVALID, NOT_ACCEPTABLE, UNPROCESSABLE, PRECONDITION_REQUIRED -> Status.Code.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> Status.Code.UNAUTHENTICATED;
            case FORBIDDEN -> Status.Code.PERMISSION_DENIED;
            case NOT_FOUND -> Status.Code.NOT_FOUND;
            case METHOD_NOT_ALLOWED, UNSUPPORTED_MEDIA_TYPE -> Status.Code.UNIMPLEMENTED;
            case CONFLICT -> Status.Code.FAILED_PRECONDITION;
            case PRECONDITION_FAILED -> Status.Code.ABORTED;
            case TOO_LARGE, TOO_MANY, HEADERS_TOO_LARGE -> Status.Code.RESOURCE_EXHAUSTED;
            case REQUEST_TIMEOUT, TIMEOUT -> Status.Code.DEADLINE_EXCEEDED;
            case INTERNAL -> Status.Code.INTERNAL;
            case UNAVAILABLE -> Status.Code.UNAVAILABLE;
        };
    }

    /// The trailers of a refused call; the status is beside them.
    static Metadata trailers(Problem problem, String service, String requestId) {
        var status = com.google.rpc.Status.newBuilder()
                .setCode(code(problem.kind()).value())
                .setMessage(problem.detail())
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason(problem.code())
                        .setDomain(service)
                        .putMetadata(RETRY, problem.retry().slug())
                        .build()))
                .addDetails(Any.pack(
                        RequestInfo.newBuilder().setRequestId(requestId).build()));
        if (!problem.fields().isEmpty()) {
            var request = BadRequest.newBuilder();
            problem.fields()
                    .forEach(field -> request.addFieldViolationsBuilder()
                            .setField(field.field())
                            .setReason(field.code())
                            .setDescription(field.message()));
            status.addDetails(Any.pack(request.build()));
        }
        problem.retryAfter()
                .ifPresent(delay -> status.addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(com.google.protobuf.Duration.newBuilder()
                                .setSeconds(delay.toSeconds())
                                .setNanos(delay.toNanosPart()))
                        .build())));
        var trailers = Objects.requireNonNull(
                StatusProto.toStatusException(status.build()).getTrailers());
        problem.retryAfter()
                .ifPresent(delay -> trailers.put(
                        Keys.PUSHBACK, Long.toString(delay.plusNanos(999_999).toMillis())));
        return trailers;
    }

    /// What a service said that refused a call; empty if it said nothing but a status, or if this is no gRPC failure.
    ///
    /// Several kinds share a status: the code, not the kind, is what a caller should decide on.
    public static Optional<Problem> of(Throwable failure) {
        if (!(failure instanceof StatusException) && !(failure instanceof StatusRuntimeException)) {
            return Optional.empty();
        }
        var status = StatusProto.fromThrowable(failure);
        var info = status == null ? Optional.<ErrorInfo>empty() : detail(status, ErrorInfo.class);
        if (status == null || info.isEmpty()) {
            return Optional.empty();
        }
        var fields = detail(status, BadRequest.class).map(BadRequest::getFieldViolationsList).orElse(List.of()).stream()
                .map(field -> new FieldError(field.getField(), field.getReason(), field.getDescription()))
                .toList();
        var retryAfter = detail(status, RetryInfo.class)
                .map(retry -> Duration.ofSeconds(
                        retry.getRetryDelay().getSeconds(),
                        retry.getRetryDelay().getNanos()));
        var kind = kind(
                Status.fromCodeValue(status.getCode()).getCode(), info.get().getMetadataOrDefault(RETRY, ""));
        return Optional.of(new Problem(kind, info.get().getReason(), status.getMessage(), fields, retryAfter));
    }

    /// @param retry as the service said it, where the code alone does not tell
    private static Kind kind(Status.Code code, String retry) {
        return switch (code) {
            case INVALID_ARGUMENT, OUT_OF_RANGE -> Kind.INVALID;
            case UNAUTHENTICATED -> Kind.UNAUTHENTICATED;
            case PERMISSION_DENIED -> Kind.FORBIDDEN;
            case NOT_FOUND -> Kind.NOT_FOUND;
            case UNIMPLEMENTED -> Kind.METHOD_NOT_ALLOWED;
            case FAILED_PRECONDITION, ALREADY_EXISTS -> Kind.CONFLICT;
            case ABORTED -> Kind.PRECONDITION_FAILED;
            case RESOURCE_EXHAUSTED -> retry.equals(Retry.NEVER.slug()) ? Kind.TOO_LARGE : Kind.TOO_MANY;
            case DEADLINE_EXCEEDED, CANCELLED -> Kind.TIMEOUT;
            case UNAVAILABLE -> Kind.UNAVAILABLE;
            case OK, UNKNOWN, INTERNAL, DATA_LOSS -> Kind.INTERNAL;
        };
    }

    private static <T extends Message> Optional<T> detail(com.google.rpc.Status status, Class<T> type) {
        for (var detail : status.getDetailsList()) {
            if (detail.is(type)) {
                try {
                    return Optional.of(detail.unpack(type));
                } catch (InvalidProtocolBufferException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
