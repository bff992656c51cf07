package dev.slipway.grpc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.Problem.Kind;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrpcProblemsTest {
    @ParameterizedTest
    @EnumSource(Kind.class)
    void every_kind_of_problem_keeps_its_code_and_detail_on_the_wire(Kind kind) {
        var sent = Problem.of(kind, "of-a-kind", "As you asked.");

        var read = GrpcProblems.of(exception(sent)).orElseThrow();

        assertThat(read.code()).isEqualTo(sent.code());
        assertThat(read.retry()).isEqualTo(sent.retry());
        assertThat(exception(sent))
                .satisfies(thrown -> assertThat(
                                requireNonNull(StatusProto.fromThrowable(thrown)).getDetailsList().stream()
                                        .filter(detail -> detail.is(ErrorInfo.class))
                                        .map(detail -> info(detail).getMetadataOrThrow("retry")))
                        .containsExactly(kind.retry().slug()));
        assertThat(read.detail()).isEqualTo(sent.detail());
        assertThat(GrpcProblems.code(read.kind())).isEqualTo(GrpcProblems.code(kind));
    }

    @Test
    void wrong_fields_and_the_time_to_wait_are_kept() {
        var sent = new Problem(
                Kind.INVALID,
                "invalid-input",
                "The input is not valid.",
                List.of(new FieldError("lines[2].quantity", "min", "must be at least 1")),
                Optional.of(Duration.ofMillis(1500)));

        assertThat(GrpcProblems.of(exception(sent))).contains(sent);
    }

    @Test
    void a_failure_without_details_is_no_problem() {
        assertThat(GrpcProblems.of(Status.UNAVAILABLE.asRuntimeException())).isEmpty();
        assertThat(GrpcProblems.of(Status.UNAVAILABLE.asException(new Metadata())))
                .isEmpty();
        assertThat(GrpcProblems.of(new IllegalStateException("of another sort")))
                .isEmpty();
    }

    private static ErrorInfo info(Any detail) {
        try {
            return detail.unpack(ErrorInfo.class);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static Throwable exception(Problem problem) {
        return GrpcProblems.code(problem.kind())
                .toStatus()
                .withDescription(problem.detail())
                .asRuntimeException(GrpcProblems.trailers(problem, "harbour", "r1"));
    }
}
