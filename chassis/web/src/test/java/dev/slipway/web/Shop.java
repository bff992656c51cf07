package dev.slipway.web;

import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import dev.slipway.operation.Cursor;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Page;
import dev.slipway.operation.Parameter;
import dev.slipway.operation.constraints.EmailDomain;
import dev.slipway.operation.constraints.Slug;
import dev.slipway.operation.constraints.Uuid;
import dev.slipway.security.Policy;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/// The routes that the tests call.
final class Shop {
    static final Parameter<UUID> ID = Parameter.uuid("id", "Which order.");
    static final Parameter<String> WORD = Parameter.text("word", "Any word.");
    /// What a cursor of the list holds.
    static final List<Function<String, ?>> PARSERS = List.of(Function.identity(), UUID::fromString);

    static final UUID KNOWN = UUID.fromString("0198f1d2-0000-7000-8000-000000000001");

    enum Colour {
        RED,
        DARK_BLUE
    }

    static final String ORDER = "{\"customer\":\"Ann\",\"lines\":[{\"sku\":\"tea\",\"quantity\":2}]}";

    record Line(@NotNull @Slug String sku, @Min(1) @Max(99) int quantity) {}

    record Order(
            @NotBlank @Size(max = 50) @Pattern(regexp = "[A-Z].*")
            String customer,

            @NotEmpty @Size(min = 1, max = 5) List<@Valid Line> lines,
            Optional<@EmailDomain String> mail,
            Optional<Instant> due,
            Optional<Colour> colour,
            Optional<@Uuid String> reference) {
        Order {
            lines = List.copyOf(lines);
        }
    }

    record Receipt(UUID id, String customer, Instant at, Colour colour, List<Line> lines, Optional<String> note) {}

    record Filter(
            @Min(1) @Max(100) Optional<Integer> limit,
            Optional<String> cursor,
            Optional<Colour> colour,
            @Size(max = 3) Optional<List<String>> tag,
            Optional<Boolean> open,
            Optional<Instant> since) {}

    record Point(@Positive long x) {
        Point {
            if (x == 13) {
                throw new IllegalArgumentException("13 brings bad luck");
            }
        }
    }

    private Shop() {}

    static Receipt receipt(String note) {
        return new Receipt(
                KNOWN,
                "Ann",
                Instant.parse("2026-01-02T03:04:05Z"),
                Colour.DARK_BLUE,
                List.of(new Line("tea", 2)),
                note.isEmpty() ? Optional.empty() : Optional.of(note));
    }

    static Route<?, ?> ping() {
        return Route.get(
                "/ping",
                Operation.named("ping", "Answers at once.")
                        .policy(Policy.anyone())
                        .output(Receipt.class)
                        .read(call -> Outcome.done(receipt(""))));
    }

    static Route<?, ?> read() {
        return Route.get(
                "/orders/{id}",
                Operation.named("readOrder", "Reads an order.")
                        .on(ID)
                        .policy(Policy.authenticated())
                        .output(Receipt.class)
                        .refuses(Problem.Kind.NOT_FOUND, "not-found")
                        .read(call -> call.get(ID).equals(KNOWN)
                                ? Outcome.done(receipt("")).version(7)
                                : Outcome.refused(Problem.notFound("There is no such order."))));
    }

    static Route<?, ?> list() {
        return Route.get(
                "/orders",
                Operation.named("listOrders", "Lists orders.")
                        .input(Filter.class)
                        .policy(Policy.anyone())
                        .pageOf(Receipt.class)
                        .read(call -> {
                            var cursor = Cursor.decode(call.input().cursor().orElse(null), "customer", PARSERS);
                            var note = call.input() + " "
                                    + cursor.<List<?>>map(Cursor::values).orElse(List.of());
                            var rows = List.of(receipt(note), receipt(""), receipt(""));
                            return Outcome.done(Page.of(
                                    rows,
                                    call.input().limit().orElse(2),
                                    row -> Cursor.of("customer", row.customer(), row.id())));
                        }));
    }

    static Route<?, ?> place(Handled handled) {
        return Route.post(
                        "/orders",
                        Operation.named("placeOrder", "Places an order.")
                                .input(Order.class)
                                .policy(Policy.anyone())
                                .output(Receipt.class)
                                .refuses(Problem.Kind.CONFLICT, "sold-out")
                                .idempotent()
                                .handle(call -> {
                                    handled.run();
                                    return call.input().customer().equals("Nobody")
                                            ? Outcome.refused(
                                                    Problem.of(Problem.Kind.CONFLICT, "sold-out", "Nothing is left."))
                                            : Outcome.done(receipt(call.input().toString()))
                                                    .version(1);
                                }))
                .created(receipt -> "/v1/orders/" + receipt.id());
    }

    static Route<?, ?> change() {
        return Route.put(
                "/orders/{id}",
                Operation.named("changeOrder", "Changes an order.")
                        .on(ID)
                        .input(Order.class)
                        .policy(Policy.role("clerk"))
                        .conditional()
                        .handle(call -> call.expectedVersion().orElse(7) == 7
                                ? Outcome.done().version(8)
                                : Outcome.refused(Problem.stale())));
    }

    static Route<?, ?> delete() {
        return Route.delete(
                "/orders/{id}",
                Operation.named("deleteOrder", "Deletes an order.")
                        .on(ID)
                        .policy(Policy.subjectIs("id"))
                        .handle(call -> Outcome.done()));
    }

    static Route<?, ?> point() {
        return Route.post(
                "/points",
                Operation.named("addPoint", "Adds a point.")
                        .input(Point.class)
                        .policy(Policy.anyone())
                        .handle(call -> Outcome.done()));
    }

    /// Answers as many letters as the word says.
    static Route<?, ?> large() {
        return Route.get(
                "/large/{word}",
                Operation.named("large", "Answers much.")
                        .on(WORD)
                        .policy(Policy.anyone())
                        .output(Receipt.class)
                        .read(call -> Outcome.done(receipt("x".repeat(Integer.parseInt(call.get(WORD)))))
                                .version(3)));
    }

    /// Fails in the way that the word says.
    static Route<?, ?> fail() {
        return Route.get(
                        "/fail/{word}",
                        Operation.named("fail", "Fails.")
                                .on(WORD)
                                .policy(Policy.anyone())
                                .output(Object.class)
                                .read(call -> switch (call.get(WORD)) {
                                    case "runtime" -> throw new IllegalStateException("SELECT secret FROM users");
                                    case "checked" -> throw new java.io.IOException("disk");
                                    case "stack" -> throw new StackOverflowError("deep");
                                    case "known" ->
                                        throw new ProblemException(
                                                Problem.of(Problem.Kind.UNAVAILABLE, "database-down", "Try later."),
                                                new IllegalStateException("secret"));
                                    case "body" -> Outcome.done(new Object());
                                    case "header" -> Outcome.done("/a\r\nSet-Cookie: x=y");
                                    case "interrupted" -> throw new InterruptedException();
                                    default -> Outcome.done(call.get(WORD));
                                }))
                .created(Object::toString);
    }

    /// What a test wants to happen when an order is placed.
    @FunctionalInterface
    interface Handled {
        void run() throws Exception;
    }

    /// Placing orders in which each stands still until a test lets it go on.
    static final class SlowOrders implements Handled {
        private final CountDownLatch begun;
        private final CountDownLatch goOn = new CountDownLatch(1);

        /// @param begun so many orders [#awaitBegun] waits for
        SlowOrders(int begun) {
            this.begun = new CountDownLatch(begun);
        }

        @Override
        public void run() throws InterruptedException {
            begun.countDown();
            goOn.await();
        }

        void awaitBegun() throws InterruptedException {
            begun.await();
        }

        void goOn() {
            goOn.countDown();
        }
    }

    static List<Addressed> routes(Handled placed) {
        return List.of(ping(), read(), list(), place(placed), change(), delete(), point(), large(), fail());
    }

    static Set<String> rolesOf(String token) {
        return token.equals("clerk") ? Set.of("clerk") : Set.of();
    }
}
