package dev.slipway.graphql;

import dev.slipway.core.CallContext;
import dev.slipway.core.Caller;
import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.operation.Cursor;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.operation.Page;
import dev.slipway.operation.Parameter;
import dev.slipway.operation.Streaming;
import dev.slipway.security.Policy;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// What the tests serve: books in memory, and operations that wait, fail and stream.
final class Library {
    enum Genre {
        FICTION,
        SCIENCE
    }

    record Author(String name) {}

    record Review(int stars, String text) {}

    record Book(
            String id,
            String title,
            Genre genre,
            Optional<String> subtitle,
            Instant added,
            long version,
            String writer) {}

    record AddBook(@Size(min = 2, max = 50) String title, Genre genre, String author) {}

    record Rename(@Size(min = 2, max = 50) String title) {}

    record ListBooks(@Min(1) @Max(100) int limit, Optional<String> cursor, Optional<Genre> genre) {}

    record Shelf(@Min(1) @Max(1000) int limit) {}

    record Count(int to) {}

    record Watched(Optional<Genre> genre) {}

    static final Parameter<String> ID = Parameter.text("id", "the book");
    static final Parameter<String> NAME = Parameter.text("name", "the author");

    final Map<String, Book> books = new java.util.TreeMap<>();
    final List<Set<?>> authorLoads = new CopyOnWriteArrayList<>();
    final List<Set<?>> reviewLoads = new CopyOnWriteArrayList<>();
    final List<String> operations = new CopyOnWriteArrayList<>();
    final LinkedBlockingQueue<Book> added = new LinkedBlockingQueue<>();
    final CountDownLatch waiting = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);
    final AtomicInteger idle = new AtomicInteger();
    final AtomicInteger idleEnded = new AtomicInteger();
    final AtomicInteger sent = new AtomicInteger();
    final CountDownLatch endlessEnded = new CountDownLatch(1);
    final CyclicBarrier meeting = new CyclicBarrier(2);

    Library() {
        for (var i = 1; i <= 5; i++) {
            var id = "b" + i;
            books.put(
                    id,
                    new Book(
                            id,
                            "Book " + i,
                            i % 2 == 0 ? Genre.SCIENCE : Genre.FICTION,
                            i == 1 ? Optional.of("The first") : Optional.empty(),
                            Instant.parse("2026-01-0" + i + "T12:00:00Z"),
                            i,
                            i < 3 ? "Ann" : "Bob"));
        }
    }

    private Operation.Builder<Nothing, Nothing> open(String name) {
        return Operation.named(name, name).policy(Policy.anyone());
    }

    private void seen() {
        operations.add(CallContext.CURRENT.get().operation());
    }

    Operation<Nothing, Book> read() {
        return open("readBook").on(ID).output(Book.class).read(call -> {
            seen();
            var book = books.get(call.get(ID));
            return book == null
                    ? Outcome.refused(Problem.notFound("There is no such book."))
                    : Outcome.done(book).version(book.version());
        });
    }

    Operation<ListBooks, Page<Book>> list() {
        return open("listBooks").input(ListBooks.class).pageOf(Book.class).read(call -> {
            var input = call.input();
            var after = Cursor.decode(input.cursor().orElse(null), "id", List.of(text -> text))
                    .map(cursor -> cursor.values().getFirst().toString())
                    .orElse("");
            var rows = books.values().stream()
                    .filter(book -> book.id().compareTo(after) > 0)
                    .filter(book -> input.genre().map(book.genre()::equals).orElse(true))
                    .limit(input.limit() + 1L)
                    .toList();
            return Outcome.done(Page.of(rows, input.limit(), this::cursor));
        });
    }

    Cursor cursor(Book book) {
        return Cursor.of("id", book.id());
    }

    Operation<Nothing, Author> author() {
        return open("readAuthor").on(NAME).output(Author.class).read(call -> Outcome.done(new Author(call.get(NAME))));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    Operation<Shelf, Collection<Book>> shelf() {
        return (Operation) open("shelf")
                .input(Shelf.class)
                .output(Collection.class)
                .read(call -> Outcome.done(
                        books.values().stream().limit(call.input().limit()).toList()));
    }

    Operation<Nothing, String> broken() {
        return open("broken").output(String.class).read(call -> {
            throw new IllegalStateException("SELECT secret FROM vault of " + Library.class);
        });
    }

    Operation<Nothing, Boolean> waits() {
        return open("wait").output(Boolean.class).read(call -> {
            waiting.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return Outcome.done(true);
        });
    }

    Operation<Nothing, Boolean> meet() {
        return open("meet").on(NAME).output(Boolean.class).read(call -> {
            meeting.await();
            return Outcome.done(true);
        });
    }

    Operation<Nothing, Boolean> meetLate() {
        return open("meetLate").output(Boolean.class).handle(call -> {
            meeting.await();
            return Outcome.done(true);
        });
    }

    Operation<Nothing, String> secret() {
        return Operation.named("secret", "for admins")
                .policy(Policy.role("admin"))
                .output(String.class)
                .read(call -> Outcome.done("hidden"));
    }

    Operation<AddBook, Book> add() {
        return open("addBook")
                .input(AddBook.class)
                .output(Book.class)
                .refuses(Kind.CONFLICT, "title-taken")
                .idempotent()
                .handle(call -> {
                    seen();
                    var input = call.input();
                    if (books.values().stream().anyMatch(book -> book.title().equals(input.title()))) {
                        return Outcome.refused(Problem.of(Kind.CONFLICT, "title-taken", "There is such a book."));
                    }
                    var id = "b" + (books.size() + 1);
                    var book = new Book(
                            id,
                            input.title(),
                            input.genre(),
                            Optional.empty(),
                            Instant.parse("2026-02-01T00:00:00Z"),
                            1,
                            input.author());
                    books.put(id, book);
                    added.add(book);
                    return Outcome.done(book).version(1);
                });
    }

    Operation<Rename, Book> rename() {
        return open("renameBook")
                .on(ID)
                .input(Rename.class)
                .output(Book.class)
                .conditional()
                .handle(call -> {
                    var book = books.get(call.get(ID));
                    if (book == null) {
                        return Outcome.refused(Problem.notFound("There is no such book."));
                    }
                    if (call.expectedVersion().orElse(-1) != book.version()) {
                        return Outcome.refused(Problem.stale());
                    }
                    return Outcome.done(new Book(
                            book.id(),
                            call.input().title(),
                            book.genre(),
                            book.subtitle(),
                            book.added(),
                            book.version() + 1,
                            book.writer()));
                });
    }

    Operation<Nothing, Nothing> remove() {
        return Operation.named("removeBook", "removes")
                .policy(Policy.authenticated())
                .on(ID)
                .handle(call -> {
                    seen();
                    return Outcome.done();
                });
    }

    Streaming<Count, Integer> count() {
        return Streaming.named("count", "counts")
                .policy(Policy.anyone())
                .input(Count.class)
                .output(Integer.class)
                .handle((call, out) -> {
                    for (var i = 1; i <= call.input().to(); i++) {
                        out.send(i);
                    }
                    if (call.input().to() == 13) {
                        throw new IllegalStateException("SELECT bad luck");
                    }
                });
    }

    Streaming<Watched, Book> watchAdded() {
        return Streaming.named("watchAdded", "new books")
                .policy(Policy.authenticated())
                .input(Watched.class)
                .output(Book.class)
                .handle((call, out) -> idling(() -> {
                    while (true) {
                        out.send(added.take());
                    }
                }));
    }

    Streaming<Nothing, Integer> idle() {
        return Streaming.named("idle", "says nothing")
                .policy(Policy.anyone())
                .output(Integer.class)
                .handle((call, out) -> idling(new CountDownLatch(1)::await));
    }

    private interface Waiting {
        void run() throws Exception;
    }

    private void idling(Waiting waiting) throws Exception {
        idle.incrementAndGet();
        try {
            waiting.run();
        } finally {
            idleEnded.incrementAndGet();
        }
    }

    Streaming<Nothing, Integer> endless() {
        return Streaming.named("endless", "says more than anybody hears")
                .policy(Policy.anyone())
                .output(Integer.class)
                .handle((call, out) -> {
                    try {
                        while (true) {
                            out.send(sent.incrementAndGet());
                        }
                    } finally {
                        endlessEnded.countDown();
                    }
                });
    }

    Graph graph() {
        return Graph.schema(Library.class, "graphql/library.graphqls")
                .allow(Library.class, "graphql/persisted.json")
                .query("book", read())
                .connection("books", list(), input -> this::cursor)
                .query("author", author())
                .query("shelf", shelf())
                .query("broken", broken())
                .query("brokenFirmly", broken())
                .query("wait", waits())
                .query("meet", meet())
                .query("secret", secret())
                .mutation("addBook", add())
                .mutation("renameBook", rename())
                .mutation("removeBook", remove())
                .mutation("meetLate", meetLate())
                .subscription("count", count())
                .subscription("added", watchAdded())
                .subscription("idle", idle())
                .subscription("endless", endless())
                .batched("Book.author", Policy.anyone(), Book::writer, this::authors)
                .batched("Book.reviews", Policy.anyone(), Book::id, this::reviews)
                .batched("Author.books", Policy.anyone(), Author::name, this::booksOf);
    }

    private Map<String, Author> authors(Set<String> names) {
        authorLoads.add(names);
        var authors = new HashMap<String, Author>();
        names.forEach(name -> authors.put(name, new Author(name)));
        return authors;
    }

    private Map<String, List<Review>> reviews(Set<String> ids) {
        reviewLoads.add(ids);
        var reviews = new HashMap<String, List<Review>>();
        ids.stream().filter(id -> !id.equals("b2")).forEach(id -> reviews.put(id, List.of(new Review(5, id))));
        return reviews;
    }

    private Map<String, List<Book>> booksOf(Set<String> names) {
        var found = new HashMap<String, List<Book>>();
        books.values().stream()
                .filter(book -> names.contains(book.writer()))
                .forEach(book -> found.computeIfAbsent(book.writer(), name -> new ArrayList<>())
                        .add(book));
        return found;
    }

    /// The token is the subject; `bad` is none, `expired` was one.
    static Caller authenticate(List<String> authorization, Set<String> expired) {
        if (authorization.isEmpty()) {
            return new Caller.Anonymous();
        }
        var token = authorization.getFirst().replaceFirst("Bearer ", "");
        if (token.equals("bad") || expired.contains(token)) {
            throw Problem.of(Kind.UNAUTHENTICATED, "invalid-token", "The token is not valid.")
                    .asException();
        }
        return new Caller.Authenticated(
                token, Optional.empty(), token.equals("admin") ? Set.of("admin") : Set.of(), Set.of());
    }
}
