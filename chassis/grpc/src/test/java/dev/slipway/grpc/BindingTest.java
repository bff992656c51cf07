package dev.slipway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.slipway.core.Problem.FieldError;
import dev.slipway.core.ProblemException;
import dev.slipway.grpc.parcel.v1.ListParcelsRequest;
import dev.slipway.grpc.parcel.v1.ListParcelsResponse;
import dev.slipway.grpc.parcel.v1.ParcelServiceGrpc;
import dev.slipway.grpc.parcel.v1.SendParcelRequest;
import dev.slipway.grpc.parcel.v1.SendParcelResponse;
import dev.slipway.operation.Expected;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Page;
import dev.slipway.operation.Parameter;
import dev.slipway.security.Policy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("AvoidValueSetter") // numbers that no constant has
class BindingTest {
    private static final Parameter<String> OFFICE = Parameter.text("office", "Where.");

    enum Size {
        SMALL,
        VERY_LARGE
    }

    record Item(String name, long count) {
        Item {
            if (count < 0) {
                throw new IllegalArgumentException("must not be negative");
            }
        }
    }

    record Parcel(
            UUID id,
            @Nullable String note,
            boolean fragile,
            int line2Number,
            long grams,
            float length,
            double value,
            byte[] seal,
            @Nullable Size size,
            @Nullable Instant sentAt,
            Optional<Duration> way,
            List<Item> items,
            List<Size> sizes,
            Map<String, Long> weights,
            Map<Integer, Item> parts,
            Map<String, Size> shelves,
            Optional<Integer> floor,
            @Nullable String street,
            @Nullable Long box,
            @Nullable Item lid,
            LocalDate day,
            List<String> tags,
            @Nullable Parcel inner,
            ByteString stamp) {}

    record Query(@Nullable Size size, @Nullable Integer limit, String sentBy) {}

    private static final Operation<Parcel, Parcel> SEND = Operation.named("sendParcel", "Sends a parcel.")
            .on(OFFICE)
            .input(Parcel.class)
            .policy(Policy.anyone())
            .conditional()
            .output(Parcel.class)
            .handle(call -> Outcome.done(call.input()));

    private static final Operation<Query, Page<Parcel>> LIST = Operation.named("listParcels", "Lists parcels.")
            .input(Query.class)
            .policy(Policy.anyone())
            .pageOf(Parcel.class)
            .handle(call -> Outcome.done(new Page<>(List.of(), Optional.empty())));

    private static GrpcService service() {
        return GrpcService.of(ParcelServiceGrpc.getServiceDescriptor());
    }

    /// A service that answers with what it was sent.
    static GrpcService parcels() {
        return service().operations(SEND, LIST);
    }

    private static List<String> mistakes(GrpcService service) {
        var mistakes = new ArrayList<String>();
        service.bind(mistakes::add);
        return mistakes;
    }

    private static Binding.Unary<?, ?> bound(int method) {
        var mistakes = new ArrayList<String>();
        var bindings = parcels().bind(mistakes::add);
        assertThat(mistakes).isEmpty();
        return (Binding.Unary<?, ?>) bindings.get(method);
    }

    private static SendParcelRequest.Builder request(UnaryOperator<dev.slipway.grpc.parcel.v1.Parcel.Builder> change) {
        return SendParcelRequest.newBuilder().setParcel(change.apply(plain()));
    }

    private static dev.slipway.grpc.parcel.v1.Parcel.Builder plain() {
        return dev.slipway.grpc.parcel.v1.Parcel.newBuilder()
                .setId("0198f1d2-0000-7000-8000-000000000001")
                .setDay("2026-11-30");
    }

    private static dev.slipway.grpc.parcel.v1.Item item(String name) {
        return dev.slipway.grpc.parcel.v1.Item.newBuilder()
                .setName(name)
                .setCount(1)
                .build();
    }

    private static dev.slipway.grpc.parcel.v1.Parcel full() {
        return plain().setNote("")
                .setFragile(true)
                .setLine2Number(2)
                .setGrams(Long.MAX_VALUE)
                .setLength(1.5f)
                .setValue(2.5)
                .setSeal(ByteString.copyFromUtf8("seal"))
                .setSizeValue(2)
                .setSentAt(Timestamp.newBuilder().setSeconds(1).setNanos(999_999_999))
                .setWay(com.google.protobuf.Duration.newBuilder().setSeconds(3))
                .addItems(item("a"))
                .addItems(item("b"))
                .addSizesValue(1)
                .addSizesValue(2)
                .putWeights("x", 4)
                .putParts(5, item("p"))
                .putShelvesValue("top", 1)
                .setFloor(0)
                .setBox(6)
                .setLid(item("lid"))
                .addTags("t")
                .setInner(plain())
                .setStamp(ByteString.copyFromUtf8("stamp"))
                .build();
    }

    @Test
    void a_message_becomes_a_record_and_the_same_message_again() {
        for (var parcel : List.of(full(), plain().build())) {
            var binding = bound(0);
            var input = binding.request()
                    .input(SendParcelRequest.newBuilder().setParcel(parcel).build());
            assertThat(binding.response().write(input, OptionalLong.empty()))
                    .isEqualTo(SendParcelResponse.newBuilder().setParcel(parcel).build());
        }
    }

    @Test
    void what_is_missing_is_absent_and_what_has_no_presence_has_its_default() {
        var parcel = (Parcel) bound(0).request().input(request(it -> it).build());

        assertThat(parcel)
                .extracting(Parcel::note, Parcel::size, Parcel::sentAt, Parcel::street, Parcel::box, Parcel::lid)
                .containsOnlyNulls();
        assertThat(parcel.way()).isEmpty();
        assertThat(parcel.floor()).isEmpty();
        assertThat(parcel.items()).isEmpty();
        assertThat(parcel.weights()).isEmpty();
        assertThat(parcel.grams()).isZero();
        assertThat(parcel.seal()).isEmpty();
    }

    @Test
    void a_request_says_what_the_operation_is_about_and_which_version_was_seen() {
        var codec = bound(0).request();
        var request = request(it -> it);

        assertThat(codec.parameter("office", request.setOffice("north").build()))
                .isEqualTo("north");
        assertThat(codec.expected(request.build())).isEqualTo(new Expected.Unsaid());
        assertThat(codec.expected(request.setExpectedVersion(0).build())).isEqualTo(new Expected.Exactly(0));
    }

    @Test
    void a_page_is_its_items_and_the_next_cursor() {
        var parcel = (Parcel) bound(0).request().input(request(it -> it).build());
        var list = bound(1);

        assertThat(list.request()
                        .input(ListParcelsRequest.newBuilder()
                                .setSizeValue(1)
                                .setSentBy("me")
                                .build()))
                .isEqualTo(new Query(Size.SMALL, null, "me"));
        assertThat(list.response().write(new Page<>(List.of(parcel), Optional.of("n")), OptionalLong.empty()))
                .isEqualTo(ListParcelsResponse.newBuilder()
                        .addParcels(plain())
                        .setNext("n")
                        .build());
        assertThat(list.response().write(new Page<>(List.of(), Optional.empty()), OptionalLong.empty()))
                .isEqualTo(ListParcelsResponse.getDefaultInstance());
    }

    private static List<FieldError> errors(Message request) {
        var failure = catchThrowableOfType(
                ProblemException.class, () -> bound(0).request().input(request));
        return failure.problem().fields();
    }

    private static List<FieldError> wrong(UnaryOperator<dev.slipway.grpc.parcel.v1.Parcel.Builder> change) {
        return errors(request(change).build());
    }

    @Test
    void what_is_wrong_with_a_message_is_told_by_its_path() {
        var choice = "must be one of SIZE_SMALL, SIZE_VERY_LARGE";
        var format = "has the wrong type or format";
        var bad = item("").toBuilder().setCount(-1).build();

        assertThat(wrong(it -> it.setSizeValue(77))).containsExactly(new FieldError("size", "format", choice));
        assertThat(wrong(it -> it.addSizesValue(1).addSizesValue(-1)))
                .containsExactly(new FieldError("sizes[1]", "format", choice));
        assertThat(wrong(it -> it.addSizesValue(0)))
                .containsExactly(new FieldError("sizes[0]", "required", "lacks something that is required"));
        assertThat(wrong(it -> it.putShelvesValue("top", 3)))
                .containsExactly(new FieldError("shelves.top", "format", choice));
        assertThat(wrong(it -> it.setId("1-1-1-1-1"))).containsExactly(new FieldError("id", "format", format));
        assertThat(wrong(it -> it.setDay("2026-02-30"))).containsExactly(new FieldError("day", "format", format));
        assertThat(wrong(it -> it.setSentAt(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))))
                .containsExactly(new FieldError("sentAt", "format", format));
        assertThat(wrong(it -> it.setWay(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(Long.MAX_VALUE)
                        .setNanos(Integer.MAX_VALUE))))
                .containsExactly(new FieldError("way", "format", format));
        assertThat(wrong(it -> it.addItems(item("a")).addItems(bad)))
                .containsExactly(new FieldError("items[1]", "invalid", "must not be negative"));
        assertThat(wrong(it -> it.setInner(plain().setLid(bad))))
                .containsExactly(new FieldError("inner.lid", "invalid", "must not be negative"));
        assertThat(errors(SendParcelRequest.getDefaultInstance()))
                .as("a missing input is an empty one")
                .containsExactly(new FieldError("id", "format", format));
    }

    private static com.google.protobuf.Duration duration(long seconds, int nanos) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(seconds)
                .setNanos(nanos)
                .build();
    }

    @Test
    void a_duration_is_of_one_sign_and_of_ten_thousand_years_at_most() {
        for (var way : List.of(
                duration(315_576_000_001L, 0),
                duration(Long.MIN_VALUE, 0),
                duration(1, -1),
                duration(-1, 1),
                duration(0, 1_000_000_000),
                duration(0, Integer.MIN_VALUE))) {
            assertThat(wrong(it -> it.setWay(way)))
                    .as(way.toString())
                    .containsExactly(new FieldError("way", "format", "has the wrong type or format"));
        }
        for (var way : List.of(
                duration(0, -1),
                duration(-1, -999_999_999),
                duration(-315_576_000_000L, -999_999_999),
                duration(315_576_000_000L, 999_999_999))) {
            var parcel = plain().setWay(way).build();
            var binding = bound(0);
            var input = binding.request()
                    .input(SendParcelRequest.newBuilder().setParcel(parcel).build());
            assertThat(binding.response().write(input, OptionalLong.empty()))
                    .isEqualTo(SendParcelResponse.newBuilder().setParcel(parcel).build());
        }
    }

    record Small(String id) {}

    record Odd(
            int id,
            String note,
            boolean fragile,
            @Nullable Integer line2Number,
            long grams,
            double length,
            double value,
            String seal,
            Thread.State size,
            String sentAt,
            Duration way,
            Item items,
            List<String> sizes,
            List<String> weights,
            Map<String, Item> parts,
            Map<String, Size> shelves,
            int floor,
            @Nullable String street,
            @Nullable Long box,
            @Nullable Small lid,
            LocalDate day,
            List<Integer> tags,
            long extra) {}

    @Test
    void what_does_not_fit_is_told_all_at_once() {
        var odd = Operation.named("sendParcel", "Is odd.")
                .on(Parameter.text("branch", "Which."))
                .input(Odd.class)
                .policy(Policy.anyone())
                .handle(call -> Outcome.done());
        var none = Operation.named("listParcels", "Answers something else.")
                .input(Query.class)
                .policy(Policy.anyone())
                .conditional()
                .output(Small.class)
                .handle(call -> Outcome.done(new Small("")));

        assertThat(mistakes(service().operations(odd, none).name("Parcel.colour", "color")))
                .contains(
                        "SendParcelRequest has no field for the parameter branch of sendParcel",
                        "the message SendParcelRequest has no field for Odd.extra",
                        "the record Odd has no component for SendParcelRequest.office",
                        "the record Odd has no component for SendParcelRequest.expected_version",
                        "sendParcel answers nothing for SendParcelResponse.parcel",
                        "ListParcelsRequest has no field expected_version, and listParcels is conditional",
                        "the message ListParcelsResponse has no field for Small.id",
                        "there is no field Parcel.colour to give a name to");
    }

    @Test
    void each_pair_of_types_that_does_not_fit_is_told() {
        var odd = Operation.named("sendParcel", "Is odd.")
                .on(OFFICE)
                .input(Odd.class)
                .output(Nothing.class)
                .policy(Policy.anyone())
                .conditional()
                .handle(call -> Outcome.done());

        assertThat(mistakes(service().operations(odd, LIST)))
                .containsExactlyInAnyOrder(
                        "Parcel.id is string, and Odd.id is int",
                        "Parcel.line2_number must be optional: Odd.line2Number may be absent",
                        "Parcel.length is float, and Odd.length is double",
                        "Parcel.seal is bytes, and Odd.seal is String",
                        "the enum Size has no value SIZE_NEW",
                        "the enum Size has no value SIZE_RUNNABLE",
                        "the enum Size has no value SIZE_BLOCKED",
                        "the enum Size has no value SIZE_WAITING",
                        "the enum Size has no value SIZE_TIMED_WAITING",
                        "the enum Size has no value SIZE_TERMINATED",
                        "the enum State has no constant for SIZE_SMALL",
                        "the enum State has no constant for SIZE_VERY_LARGE",
                        "Parcel.sent_at is Timestamp, and Odd.sentAt is String",
                        "Parcel.items is repeated, and Odd.items no list",
                        "Parcel.sizes is Size, and Odd.sizes is String",
                        "Parcel.weights is a map, and Odd.weights is none",
                        "Parcel.parts is int32, and Odd.parts is String",
                        "Parcel.floor may be absent, and Odd.floor may not",
                        "the record Small has no component for Item.name",
                        "the record Small has no component for Item.count",
                        "the message Item has no field for Small.id",
                        "Parcel.tags is string, and Odd.tags is Integer",
                        "the message Parcel has no field for Odd.extra",
                        "the record Odd has no component for Parcel.inner",
                        "the record Odd has no component for Parcel.stamp",
                        "sendParcel answers nothing for SendParcelResponse.parcel");
    }

    @Test
    void a_method_without_its_operation_and_an_operation_without_its_method_are_told() {
        var stray = Operation.named("loseParcel", "Is in no proto file.")
                .policy(Policy.anyone())
                .handle(call -> Outcome.done());

        assertThat(service().operations(SEND, SEND, stray).mistakes())
                .containsExactly(
                        "slipway.parcel.v1.ParcelService/SendParcel is bound twice",
                        "slipway.parcel.v1.ParcelService has no method LoseParcel for the operation loseParcel",
                        "slipway.parcel.v1.ParcelService/ListParcels has no operation");
    }

    @Test
    void a_field_can_stand_for_something_that_is_called_otherwise() {
        record Search(@Nullable Size size, @Nullable Integer limit, String sender) {}
        var find = Operation.named("findParcels", "Lists parcels.")
                .input(Search.class)
                .policy(Policy.anyone())
                .pageOf(Parcel.class)
                .handle(call -> Outcome.done(new Page<>(List.of(), Optional.empty())));
        var mistakes = new ArrayList<String>();

        var bindings = service()
                .operations(SEND)
                .operation("ListParcels", find)
                .name("ListParcelsRequest.sent_by", "sender")
                .bind(mistakes::add);

        assertThat(mistakes).isEmpty();
        assertThat(((Binding.Unary<?, ?>) bindings.get(1))
                        .request()
                        .input(ListParcelsRequest.newBuilder().setSentBy("me").build()))
                .isEqualTo(new Search(null, null, "me"));
    }
}
