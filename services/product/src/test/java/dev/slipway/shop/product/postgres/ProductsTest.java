package dev.slipway.shop.product.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.Assembly;
import dev.slipway.core.ServiceDefinition;
import dev.slipway.platform.Platform;
import dev.slipway.platform.PlatformSettings;
import dev.slipway.postgres.Database;
import dev.slipway.shop.product.ProductApp;
import dev.slipway.shop.product.domain.Decision.Accepted;
import dev.slipway.shop.product.domain.Money;
import dev.slipway.shop.product.domain.ProductDetails;
import dev.slipway.shop.product.domain.ProductDetails.VariantDetails;
import dev.slipway.testing.TestService;
import dev.slipway.testkit.Await;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What only the store decides, on a real database.
@Timeout(60)
class ProductsTest {
    private static final Store store = new Store();

    @RegisterExtension
    static final TestService service = TestService.of(store);

    /// The products alone, without their protocols.
    private static final class Store extends ServiceDefinition<Store.Settings> {
        record Settings(PlatformSettings platform) {}

        private @Nullable Database database;
        private @Nullable Products products;

        Store() {
            super("product-service", Settings.class);
        }

        @Override
        public void assemble(Assembly service, Settings settings) {
            var platform = Platform.open(service, settings.platform(), ProductApp.class);
            database = platform.database();
            products = new Products(platform.database(), platform.clock(), new Prices(platform.database()));
        }

        Database database() {
            return Objects.requireNonNull(database);
        }

        Products products() {
            return Objects.requireNonNull(products);
        }
    }

    private static ProductDetails details(String slug) {
        return new ProductDetails(slug, "Boots", "", null, List.of());
    }

    /// What a slug is put for is not found, then the slug is taken, and then it is not found again: the other product has
    /// taken it only when the first look was over, and given it up before the second.
    @Test
    void a_product_is_put_although_another_had_its_slug_for_a_moment() throws Exception {
        var database = store.database();
        var products = store.products();
        var other = created("other");
        afterEachInsertOfAProductWaitForTheGate(database);
        var gateIsShut = new CountDownLatch(1);
        var openGate = new CountDownLatch(1);
        var hasSlug = new CountDownLatch(1);
        var commit = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var gate = threads.submit(() -> database.<Long>write(sql -> {
                var shut = sql.query("select 1::bigint as one from pg_advisory_xact_lock(1)")
                        .map(row -> row.bigint("one"))
                        .one();
                gateIsShut.countDown();
                await(openGate);
                return shut;
            }));
            gateIsShut.await();
            var taking = threads.submit(() -> database.write(sql -> {
                var taken = products.revise(other, OptionalLong.empty(), details("boots"));
                hasSlug.countDown();
                await(commit);
                return taken;
            }));
            hasSlug.await();

            var put = threads.submit(() -> products.put(details("boots")));
            awaitLock(database, "transactionid");
            commit.countDown();
            assertThat(taking.get()).isInstanceOf(Accepted.class);
            awaitLock(database, "advisory");
            assertThat(products.revise(other, OptionalLong.empty(), details("shoes")))
                    .isInstanceOf(Accepted.class);
            openGate.countDown();
            gate.get();

            assertThat(put.get())
                    .isInstanceOfSatisfying(
                            Products.Created.class,
                            created -> assertThat(created.decision())
                                    .isInstanceOfSatisfying(
                                            Accepted.class,
                                            accepted -> assertThat(
                                                            accepted.product().slug())
                                                    .isEqualTo("boots")));
        }
    }

    @Test
    void the_schema_goes_down_and_up_again_with_a_variant_that_left() throws InterruptedException {
        var products = store.products();
        var product = created("hat");
        var sized = new VariantDetails("H-1", "One size", List.of(), List.of(new Money(100, "EUR")));
        for (var variants : List.of(List.of(sized), List.<VariantDetails>of(), List.of(sized))) {
            assertThat(products.revise(
                            product, OptionalLong.empty(), new ProductDetails("hat", "Hat", "", null, variants)))
                    .isInstanceOf(Accepted.class);
        }
        var before = products.find(product);

        store.database().migrations().to(2);
        store.database().migrations().up();

        assertThat(products.find(product)).isPresent().isEqualTo(before);
    }

    private static UUID created(String slug) {
        if (store.products().create(details(slug)) instanceof Accepted(var product)) {
            return product.id();
        }
        throw new AssertionError(slug + " was not accepted");
    }

    /// Also if nothing was inserted.
    private static void afterEachInsertOfAProductWaitForTheGate(Database database) {
        database.<Integer>write(sql -> {
            sql.update("""
                            create function wait_for_gate() returns trigger language plpgsql as
                            'begin perform pg_advisory_xact_lock(1); return null; end'
                            """).run();
            return sql.update("""
                            create trigger wait_for_gate after insert on products
                            for each statement execute function wait_for_gate()
                            """).run();
        });
    }

    /// Returns when a statement in this database waits for such a lock.
    private static void awaitLock(Database database, String kind) {
        Await.until(
                "waits for " + kind,
                () -> database.<Long>read(sql -> sql.query("""
                                select count(*) as waiting from pg_stat_activity
                                where datname = current_database() and wait_event_type = 'Lock' and wait_event = :kind
                                """)
                                .bind("kind", kind)
                                .map(row -> row.bigint("waiting"))
                                .one())
                        > 0);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
