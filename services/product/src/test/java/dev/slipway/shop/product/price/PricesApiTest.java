package dev.slipway.shop.product.price;

import static dev.slipway.shop.product.Samples.changePrice;
import static dev.slipway.shop.product.Samples.createProduct;
import static dev.slipway.shop.product.Samples.product;
import static dev.slipway.shop.product.Samples.sku;
import static dev.slipway.shop.product.Samples.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.shop.product.ProductApp;
import dev.slipway.testing.TestService;
import dev.slipway.testkit.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Prices and their history, on a real database.
class PricesApiTest {

    @RegisterExtension
    static final TestService service = TestService.of(new ProductApp());

    @Test
    void a_new_price_takes_over_and_the_old_one_is_kept() {
        var product = createProduct(service, unique("price"), 100);
        var variant = product.text("/variants/0/id");

        service.as("ada", "admin")
                .post("/v2/variants/" + variant + "/prices", "{\"amount\": 90, \"currency\": \"EUR\"}")
                .expect(200)
                .expectText("/money/amount", "90")
                .expectText("/variantId", variant);

        service.anonymous()
                .get("/v2/products/" + product.text("/id"))
                .expectText("/version", "2")
                .expectText("/variants/0/prices/0/amount", "90");
        var history = service.anonymous()
                .get("/v2/variants/" + variant + "/prices")
                .expect(200)
                .expectText("/items/0/money/amount", "90")
                .expectText("/items/1/money/amount", "100");
        assertThat(history.json().at("/items/0").has("validTo")).isFalse();
        assertThat(history.text("/items/1/validTo")).isEqualTo(history.text("/items/0/validFrom"));
    }

    @Test
    void a_variant_that_its_product_names_no_longer_keeps_its_history_and_frees_its_sku() {
        var slug = unique("left");
        var product = createProduct(service, slug, 100);
        var variant = product.text("/variants/0/id");
        changePrice(service, variant, 90);
        var other = product(slug, "Other size", 70).replace(sku(slug), sku(slug) + "-other");

        var left = service.as("ada", "admin")
                .with("If-Match", "*")
                .put("/v2/catalogue/" + product.text("/id"), other)
                .expect(200);

        var history = service.anonymous()
                .get("/v2/variants/" + variant + "/prices")
                .expect(200)
                .expectText("/items/0/money/amount", "90")
                .expectText("/items/0/validTo", left.text("/updatedAt"))
                .expectText("/items/1/money/amount", "100");
        assertThat(history.json().at("/items")).hasSize(2);
        assertThat(left.json().at("/variants")).hasSize(1);
        service.as("ada", "admin")
                .post("/v2/variants/" + variant + "/prices", "{\"amount\": 1, \"currency\": \"EUR\"}")
                .expect(404);

        var again = service.as("ada", "admin")
                .with("If-Match", "*")
                .put("/v2/catalogue/" + product.text("/id"), product(slug, "Both sizes", 80))
                .expect(200)
                .expectText("/variants/0/prices/0/amount", "80");
        assertThat(again.text("/variants/0/id")).isNotEqualTo(variant);
    }

    @Test
    void the_same_price_again_is_no_new_price() {
        var variant = createProduct(service, unique("same"), 100).text("/variants/0/id");

        changePrice(service, variant, 100);

        assertThat(history(service, variant)).hasSize(1);
    }

    @Test
    void a_repeated_request_with_its_key_sets_one_price() {
        var variant = createProduct(service, unique("once"), 100).text("/variants/0/id");
        var path = "/v2/variants/" + variant + "/prices";
        var client = service.as("ada", "admin")
                .with("Idempotency-Key", UUID.randomUUID().toString());

        var first = client.post(path, "{\"amount\": 90, \"currency\": \"EUR\"}").expect(200);
        changePrice(service, variant, 80);
        var second =
                client.post(path, "{\"amount\": 90, \"currency\": \"EUR\"}").expect(200);

        assertThat(second.body()).isEqualTo(first.body());
        service.anonymous().get(path).expectText("/items/0/money/amount", "80");
    }

    @Test
    void prices_in_other_currencies_stay() {
        var variant = createProduct(service, unique("currency"), 100).text("/variants/0/id");
        var path = "/v2/variants/" + variant + "/prices";

        service.as("ada", "admin")
                .post(path, "{\"amount\": 120, \"currency\": \"USD\"}")
                .expect(200);

        service.anonymous().get(path + "?currency=EUR").expectText("/items/0/money/amount", "100");
        assertThat(service.anonymous().get(path).json().at("/items")).hasSize(2);
    }

    @Test
    void a_history_comes_in_pages() {
        var variant = createProduct(service, unique("history"), 100).text("/variants/0/id");
        for (var i = 1; i < 5; i++) {
            changePrice(service, variant, 100 - i);
        }

        var seen = new ArrayList<String>();
        var cursor = "";
        do {
            var page = service.anonymous()
                    .get("/v2/variants/" + variant + "/prices?limit=2" + cursor)
                    .expect(200);
            page.json()
                    .at("/items")
                    .forEach(item -> seen.add(item.at("/money/amount").asText()));
            cursor = page.text("/next").isEmpty() ? "" : "&cursor=" + page.text("/next");
        } while (!cursor.isEmpty());

        assertThat(seen).containsExactly("96", "97", "98", "99", "100");
    }

    @Test
    void many_who_set_a_price_at_once_leave_one_current_price_and_a_history_without_gaps() throws Exception {
        var product = createProduct(service, unique("race"), 1000);
        var variant = product.text("/variants/0/id");

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (var i = 0; i < 20; i++) {
                var amount = i;
                all.add(threads.submit(() -> changePrice(service, variant, amount)));
            }
            for (var one : all) {
                one.get();
            }
        }

        var history = history(service, variant);
        assertThat(history).hasSize(21);
        assertThat(history).filteredOn(price -> !price.has("validTo")).hasSize(1);
        expectNoGaps(history);
        service.anonymous().get("/v2/products/" + product.text("/id")).expectText("/version", "21");
    }

    @Test
    void a_clock_that_goes_back_turns_no_history_around() {
        var clock = MovableClock.atNoon();
        try (var skewed = TestService.of(new ProductApp()).with(clock).start()) {
            var slug = unique("skewed");
            var product = createProduct(skewed, slug, 100);
            var variant = product.text("/variants/0/id");

            clock.pass(Duration.ofSeconds(-1));
            changePrice(skewed, variant, 90);
            changePrice(skewed, variant, 80);
            var changed = skewed.as("ada", "admin")
                    .with("If-Match", "*")
                    .put("/v2/catalogue/" + product.text("/id"), product(slug, "Changed", 70))
                    .expect(200);

            var history = history(skewed, variant);
            assertThat(history).hasSize(4);
            expectNoGaps(history);
            assertThat(changed.text("/updatedAt"))
                    .isEqualTo(history.at("/0/validFrom").asText());
        }
    }

    /// Each price, the newest first, begins after the one before it and when that one ends.
    private static void expectNoGaps(JsonNode history) {
        for (var i = 1; i < history.size(); i++) {
            var later = history.get(i - 1).get("validFrom").asText();
            assertThat(history.get(i).get("validTo").asText()).isEqualTo(later);
            assertThat(Instant.parse(history.get(i).get("validFrom").asText())).isBefore(Instant.parse(later));
        }
    }

    private static JsonNode history(TestService service, String variant) {
        return service.anonymous()
                .get("/v2/variants/" + variant + "/prices?limit=100")
                .expect(200)
                .json()
                .at("/items");
    }
}
