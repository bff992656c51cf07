package dev.slipway.web;

import dev.slipway.core.Idempotency;
import dev.slipway.core.Problem;
import dev.slipway.core.ProblemException;
import dev.slipway.security.Policy;
import dev.slipway.web.constraints.EmailDomain;
import dev.slipway.web.constraints.Slug;
import dev.slipway.web.constraints.Uuid;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/// The routes that the tests call.
final class Shop {
    static final PathParameter<UUID> ID = PathParameter.uuid("id", "Which order.");
    static final PathParameter<String> WORD = PathParameter.text("word", "Any word.");
    /// What a cursor of the list holds.
    static final List<Function<String, ?>> PARSERS = List.of(Function.identity(), UUID::fromString);

    static final UUID KNOWN = UUID.fromString("0198f1d2-0000-7000-8000-000000000001");

    enum Colour {
        RED,
        DARK_BLUE
    }

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

    /// The second implementation of the port, for tests.
    static final class MemoryIdempotency implements Idempotency {
        private record Stored(String fingerprint, Optional<Answer> answer) {}

        private final Map<Key, Stored> stored = new HashMap<>();

        @Override
        public Outcome once(Key key, String fingerprint, Supplier<Answer> work) {
            synchronized (stored) {
                var before = stored.get(key);
                if (before != null) {
                    return before.answer()
                            .<Outcome>map(answer -> before.fingerprint().equals(fingerprint)
                                    ? new Outcome.Repeated(answer)
                                    : new Outcome.Mismatch())
                            .orElseGet(Outcome.InProgress::new);
                }
                stored.put(key, new Stored(fingerprint, Optional.empty()));
            }
            Answer answer = null;
            try {
                answer = work.get();
                return new Outcome.Done(answer);
            } finally {
                synchronized (stored) {
                    if (answer == null) {
                        stored.remove(key);
                    } else {
                        stored.put(key, new Stored(fingerprint, Optional.of(answer)));
                    }
                }
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

    static Route<Nothing> ping() {
        return Route.get("/ping")
                .named("ping", "Answers at once.")
                .policy(Policy.anyone())
                .answers(200, Receipt.class)
                .handle(call -> Reply.ok(receipt("")));
    }

    static Route<Nothing> read() {
        return Route.get("/orders/{id}")
                .named("readOrder", "Reads an order.")
                .path(ID)
                .policy(Policy.authenticated())
                .answers(200, Receipt.class)
                .refuses(Problem.Kind.NOT_FOUND, "not-found")
                .handle(call -> call.get(ID).equals(KNOWN)
                        ? Reply.ok(receipt("")).version(7)
                        : Reply.refused(Problem.notFound("There is no such order.")));
    }

    static Route<Filter> list() {
        return Route.get("/orders")
                .query(Filter.class)
                .named("listOrders", "Lists orders.")
                .policy(Policy.anyone())
                .answersPageOf(Receipt.class)
                .handle(call -> {
                    var cursor = Cursor.decode(call.input().cursor().orElse(null), "customer", PARSERS);
                    var note = call.input() + " "
                            + cursor.<List<?>>map(Cursor::values).orElse(List.of());
                    var rows = List.of(receipt(note), receipt(""), receipt(""));
                    return Reply.ok(Page.of(
                            rows,
                            call.input().limit().orElse(2),
                            row -> Cursor.of("customer", row.customer(), row.id())));
                });
    }

    static Route<Order> place(Handled handled) {
        return Route.post("/orders")
                .body(Order.class)
                .named("placeOrder", "Places an order.")
                .policy(Policy.anyone())
                .answers(201, Receipt.class)
                .refuses(Problem.Kind.CONFLICT, "sold-out")
                .idempotent()
                .handle(call -> {
                    handled.run();
                    return call.input().customer().equals("Nobody")
                            ? Reply.refused(Problem.of(Problem.Kind.CONFLICT, "sold-out", "Nothing is left."))
                            : Reply.created(
                                            "/v1/orders/" + KNOWN,
                                            receipt(call.input().toString()))
                                    .version(1);
                });
    }

    static Route<Order> change() {
        return Route.put("/orders/{id}")
                .path(ID)
                .body(Order.class)
                .named("changeOrder", "Changes an order.")
                .policy(Policy.role("clerk"))
                .conditional()
                .handle(call -> call.expectedVersion().orElse(7) == 7
                        ? Reply.noContent().version(8)
                        : Reply.refused(RestContext.STALE));
    }

    static Route<Nothing> delete() {
        return Route.delete("/orders/{id}")
                .path(ID)
                .named("deleteOrder", "Deletes an order.")
                .policy(Policy.subjectIs("id"))
                .handle(call -> Reply.noContent());
    }

    static Route<Point> point() {
        return Route.post("/points")
                .body(Point.class)
                .named("addPoint", "Adds a point.")
                .policy(Policy.anyone())
                .handle(call -> Reply.noContent());
    }

    /// Answers as many letters as the word says.
    static Route<Nothing> large() {
        return Route.get("/large/{word}")
                .path(WORD)
                .named("large", "Answers much.")
                .policy(Policy.anyone())
                .answers(200, Receipt.class)
                .handle(call -> Reply.ok(receipt("x".repeat(Integer.parseInt(call.get(WORD)))))
                        .version(3));
    }

    /// Fails in the way that the word says.
    static Route<Nothing> fail() {
        return Route.get("/fail/{word}")
                .path(WORD)
                .named("fail", "Fails.")
                .policy(Policy.anyone())
                .handle(call -> switch (call.get(WORD)) {
                    case "runtime" -> throw new IllegalStateException("SELECT secret FROM users");
                    case "checked" -> throw new java.io.IOException("disk");
                    case "stack" -> throw new StackOverflowError("deep");
                    case "known" ->
                        throw new ProblemException(
                                Problem.of(Problem.Kind.UNAVAILABLE, "database-down", "Try later."),
                                new IllegalStateException("secret"));
                    case "body" -> Reply.ok(new Object());
                    case "header" -> Reply.noContent().header("Location", "/a\r\nSet-Cookie: x=y");
                    case "interrupted" -> throw new InterruptedException();
                    default -> Reply.noContent().header("Location", call.get(WORD));
                });
    }

    /// What a test wants to happen when an order is placed.
    @FunctionalInterface
    interface Handled {
        void run() throws Exception;
    }

    static List<Route<?>> routes(Handled placed) {
        return List.of(ping(), read(), list(), place(placed), change(), delete(), point(), large(), fail());
    }

    static Set<String> rolesOf(String token) {
        return token.equals("clerk") ? Set.of("clerk") : Set.of();
    }
}
