package dev.slipway.shop.product.price;

import static dev.slipway.shop.product.Samples.changePrice;
import static dev.slipway.shop.product.Samples.createProduct;
import static dev.slipway.shop.product.Samples.product;
import static dev.slipway.shop.product.Samples.unique;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.local.LocalMachine;
import dev.slipway.shop.product.ProductApp;
import dev.slipway.testing.TestService;
import dev.slipway.testkit.Await;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Live prices, told by two copies of the service on one database.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WatchPricesTest {
    private final LocalMachine machine = LocalMachine.fresh();
    private final Map<String, String> database = machine.provide("postgres", "product-service");
    private final TestService here = copy();
    private final TestService there = copy();

    private TestService copy() {
        return TestService.of(new ProductApp())
                .with("http.stream-heartbeat", "100ms")
                .with("postgres.url", setting("url"))
                .with("postgres.user", setting("user"))
                .with("postgres.password", setting("password"));
    }

    private String setting(String key) {
        return Objects.requireNonNull(database.get(key));
    }

    @BeforeAll
    void start() {
        here.start();
        there.start();
    }

    @AfterAll
    void stop() {
        here.close();
        there.close();
        machine.close();
    }

    @Test
    void watchers_of_every_copy_see_changes_in_their_order() throws Exception {
        var product = createProduct(here, unique("seen"), 100);
        var variant = product.text("/variants/0/id");
        var query = "?product=" + product.text("/id");
        try (var near = new Watcher(here, query).expectGap();
                var far = new Watcher(there, query).expectGap()) {

            changePrice(here, variant, 90);
            changePrice(there, variant, 80);

            near.expectAmount(90).expectAmount(80);
            var first = far.next();
            assertThat(first.at("/change/productId").asText()).isEqualTo(product.text("/id"));
            assertThat(first.at("/change/variantId").asText()).isEqualTo(variant);
            assertThat(first.at("/change/sku").asText()).isEqualTo(product.text("/variants/0/sku"));
            assertThat(first.at("/change/price/amount").asLong()).isEqualTo(90);
            far.expectAmount(80);
        }
    }

    @Test
    void a_watcher_of_one_product_hears_of_no_other_and_nobody_of_drafts() throws Exception {
        var mine = createProduct(here, unique("mine"), 100);
        var other = createProduct(here, unique("other"), 100);
        var draft = here.as("ada", "admin")
                .post("/v2/catalogue", product(unique("draft"), "Draft", 100).replace("active", "draft"))
                .expect(201);
        try (var all = new Watcher(here, "").expectGap();
                var one = new Watcher(here, "?product=" + mine.text("/id")).expectGap()) {

            changePrice(here, draft.text("/variants/0/id"), 7);
            changePrice(here, other.text("/variants/0/id"), 60);
            changePrice(here, mine.text("/variants/0/id"), 50);

            all.expectAmount(60).expectAmount(50);
            one.expectAmount(50);
        }
    }

    @Test
    void prices_that_come_with_a_product_are_changes_too() throws Exception {
        try (var watcher = new Watcher(here, "").expectGap()) {
            createProduct(here, unique("new"), 4711);

            watcher.expectAmount(4711);
        }
    }

    @Test
    void a_price_that_did_not_change_is_not_told() throws Exception {
        var variant = createProduct(here, unique("same"), 100).text("/variants/0/id");
        try (var watcher = new Watcher(here, "").expectGap()) {
            changePrice(here, variant, 98);
            changePrice(here, variant, 98);
            changePrice(here, variant, 99);

            watcher.expectAmount(98).expectAmount(99);
        }
    }

    @Test
    void watchers_are_told_that_they_missed_something_when_the_database_was_away_and_then_go_on() throws Exception {
        var product = createProduct(here, unique("away"), 100);
        try (var watcher = new Watcher(here, "?product=" + product.text("/id")).expectGap();
                var other = new Watcher(there, "?product=" + product.text("/id")).expectGap()) {

            assertThat(endListening()).isEqualTo(2);

            watcher.expectGap();
            other.expectGap();
            changePrice(here, product.text("/variants/0/id"), 70);
            watcher.expectAmount(70);
            other.expectAmount(70);
        }
    }

    private int endListening() throws SQLException {
        try (var connection = DriverManager.getConnection(setting("url"), setting("user"), setting("password"));
                var statement = connection.createStatement();
                var ended = statement.executeQuery("""
                        select count(pg_terminate_backend(pid)) from pg_stat_activity
                        where datname = current_database() and query like 'listen %'""")) {
            ended.next();
            return ended.getInt(1);
        }
    }

    @Test
    void watchers_who_go_leave_nothing_behind() throws Exception {
        Await.until("nobody watches", () -> metrics().contains("price_watchers{service=\"product-service\"} 0.0"));
        var watchers = new ArrayList<Watcher>();
        for (var i = 0; i < 5; i++) {
            watchers.add(new Watcher(there, "").expectGap());
        }
        assertThat(metrics()).contains("price_watchers{service=\"product-service\"} 5.0");
        Await.until(
                "the service listens",
                () -> metrics().contains("postgres_notifications_listening{service=\"product-service\"} 1.0"));

        watchers.forEach(Watcher::close);

        Await.until("nobody watches", () -> metrics().contains("price_watchers{service=\"product-service\"} 0.0"));
    }

    private String metrics() {
        return there.management().get("/metrics").expect(200).body();
    }

    @Test
    void a_wrong_query_is_refused() {
        here.anonymous().get("/v2/price-changes?product=x").expectProblem(400, "invalid-input");
    }
}
