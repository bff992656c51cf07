package dev.slipway.shop.product.catalogue;

import static dev.slipway.shop.product.Samples.product;
import static dev.slipway.shop.product.Samples.sku;
import static dev.slipway.shop.product.Samples.unique;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.shop.product.ProductApp;
import dev.slipway.testing.SqlStatements;
import dev.slipway.testing.TestClient;
import dev.slipway.testing.TestReply;
import dev.slipway.testing.TestService;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Products as clients see them, on a real database.
class CatalogueApiTest {

    @RegisterExtension
    static final TestService service = TestService.of(new ProductApp());

    private TestClient admin;
    private TestClient support;
    private TestClient anyone;

    @BeforeEach
    void clients() {
        admin = service.as("ada", "admin");
        support = service.as("sue", "support");
        anyone = service.anonymous();
    }

    private TestReply create(String body) {
        return admin.post("/v2/catalogue", body).expect(201);
    }

    private static String variants(String slug, String variants) {
        return "{\"slug\": \"%s\", \"name\": \"A\", \"status\": \"active\", \"variants\": [%s]}"
                .formatted(slug, variants);
    }

    private static String variant(String sku, String prices) {
        return "{\"sku\": \"%s\", \"name\": \"%s\", \"prices\": [%s]}".formatted(sku, sku, prices);
    }

    private static String price(String amount, String currency) {
        return "{\"amount\": %s, \"currency\": \"%s\"}".formatted(amount, currency);
    }

    @Test
    void attributes_are_shown_by_their_names() {
        create(product(unique("shoe"), "Shoe", 1990))
                .expectText("/variants/0/attributes/0/name", "colour")
                .expectText("/variants/0/attributes/1/name", "size");
    }

    @Test
    void version_one_shows_one_price_as_text_and_says_that_it_will_go() {
        var slug = unique("hat");
        var id = create(variants(
                        slug,
                        variant(sku(slug) + "-1", price("2500", "EUR") + "," + price("3000", "USD")) + ","
                                + variant(sku(slug) + "-2", price("1905", "EUR"))))
                .text("/id");

        var old = anyone.get("/v1/products/" + id)
                .expect(200)
                .expectText("/price", "EUR 19.05")
                .expectHeader("Deprecation", "@1790812800")
                .expectHeader("Sunset", "Fri, 01 Oct 2027 00:00:00 GMT")
                .expectHeader("ETag", "\"1\"");
        assertThat(old.json().has("variants")).isFalse();
    }

    @Test
    void what_is_the_same_for_everybody_may_be_cached_by_everybody_and_nothing_else() {
        var slug = unique("cap");
        var created = create(product(slug, "Cap", 100));
        var id = created.text("/id");
        var variant = created.text("/variants/0/id");

        for (var path : new String[] {
            "/v1/products/" + id,
            "/v2/products/" + id,
            "/v2/products/by-slug/" + slug,
            "/v2/products",
            "/v2/variants/" + variant + "/prices"
        }) {
            assertThat(admin.get(path).expect(200).body())
                    .as(path)
                    .isEqualTo(anyone.get(path).expect(200).body());
            anyone.get(path).expectHeader("Cache-Control", "public, max-age=60");
        }
        admin.get("/v2/catalogue").expect(200).expectHeader("Cache-Control", "no-store");
        admin.get("/v2/catalogue/" + id).expect(200).expectHeader("Cache-Control", "no-store");
        anyone.with("If-None-Match", "\"1\"").get("/v2/products/" + id).expect(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"draft", "retired"})
    void only_staff_sees_what_is_not_on_sale(String status) {
        var slug = unique(status);
        var created = create(product(slug, "Secret " + slug, 100).replace("active", status));
        var id = created.text("/id");

        for (var client : new TestClient[] {anyone, admin}) {
            client.get("/v1/products/" + id).expectProblem(404, "not-found");
            client.get("/v2/products/" + id).expectProblem(404, "not-found");
            client.get("/v2/products/by-slug/" + slug).expectProblem(404, "not-found");
            assertThat(client.get("/v2/products?search=" + slug)
                            .expect(200)
                            .json()
                            .at("/items"))
                    .isEmpty();
            assertThat(client.get("/v2/variants/" + created.text("/variants/0/id") + "/prices")
                            .expect(200)
                            .json()
                            .at("/items"))
                    .isEmpty();
        }
        support.get("/v2/catalogue?status=" + status + "&search=" + slug)
                .expect(200)
                .expectText("/items/0/id", id);
        assertThat(support.get("/v2/catalogue?status=active&search=" + slug)
                        .expect(200)
                        .json()
                        .at("/items"))
                .isEmpty();
    }

    @Test
    void a_product_without_a_status_is_a_draft() {
        create("{\"slug\": \"%s\", \"name\": \"A\"}".formatted(unique("draft")))
                .expectText("/status", "draft")
                .expectText("/description", "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"name": "A", "slug": "a", "variants": [{"name": "B"}]}      | variants[0].sku          | not-null
                    {"name": "A", "slug": "a", "variants": [{"sku": "B"}]}       | variants[0].name         | not-blank
                    """)
    void wrong_input_is_named_by_its_place(String body, String field, String code) {
        refused(body, field, code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"amount": -1, "currency": "EUR"}                                    | variants[0].prices[0] | invalid
                    {"amount": 1, "currency": "EURO"}                                    | variants[0].prices[0] | invalid
                    {"amount": 1, "currency": "ZZZ"}                                     | variants[0].prices[0] | invalid
                    {"amount": 1}                                                        | variants[0].prices[0] | required
                    {"currency": "EUR"}                                                  | variants[0].prices[0].amount | format
                    {"amount": 1.5, "currency": "EUR"}                                   | variants[0].prices[0].amount | format
                    {"amount": 1, "currency": "EUR"}, {"amount": 2, "currency": "EUR"}   | variants[0]           | invalid
                    """)
    void money_is_whole_units_of_a_known_currency(String prices, String field, String code) {
        refused(variants("a", variant("s", prices)), field, code);
    }

    @Test
    void a_variant_is_there_and_its_sku_stands_once() {
        refused(variants("a", "null"), "", "required");
        refused(variants("a", variant("same", "") + "," + variant("same", "")), "", "invalid");
    }

    private void refused(String body, String field, String code) {
        var problem = admin.post("/v2/catalogue", body).expectProblem(400, "invalid-input");

        assertThat(problem.json().at("/errors"))
                .as(problem.toString())
                .anyMatch(error -> error.get("field").asText().equals(field)
                        && error.get("code").asText().equals(code));
    }

    @Test
    void slugs_and_skus_are_taken_once_and_nothing_is_left_of_what_was_refused() {
        var first = unique("first");
        var second = unique("second");
        create(product(first, "First", 100));
        var other = create(product(second, "Second", 100)).header("Location");

        admin.post("/v2/catalogue", product(first, "Twin", 100)).expectProblem(409, "slug-taken");
        var thief = unique("thief");
        admin.post("/v2/catalogue", product(thief, "Thief", 100).replace(sku(thief), sku(first)))
                .expectProblem(409, "sku-taken");
        assertThat(support.get("/v2/catalogue?search=" + thief).json().at("/items"))
                .isEmpty();
        var any = admin.with("If-Match", "*");
        any.put(other, product(first, "Second", 100)).expectProblem(409, "slug-taken");
        any.put(other, product(second, "Second", 100).replace(sku(second), sku(first)))
                .expectProblem(409, "sku-taken");
        support.get(other).expectText("/version", "1").expectText("/variants/0/sku", sku(second));
    }

    @Test
    void a_change_replaces_variants_and_prices_and_keeps_those_that_are_named() {
        var slug = unique("change");
        var created = create(variants(
                slug,
                variant(slug + "-a", price("100", "EUR") + "," + price("120", "USD")) + ","
                        + variant(slug + "-b", "")));
        var path = created.header("Location");
        var kept = created.text("/variants/0/id");

        var changed = admin.with("If-Match", "\"1\"")
                .put(
                        path,
                        variants(slug, variant(slug + "-c", "") + "," + variant(slug + "-a", price("90", "EUR")))
                                .replace(", \"status\": \"active\"", ""))
                .expect(200)
                .expectHeader("ETag", "\"2\"")
                .expectText("/status", "active")
                .expectText("/variants/0/sku", slug + "-c")
                .expectText("/variants/1/id", kept)
                .expectText("/variants/1/prices/0/amount", "90");
        assertThat(changed.json().at("/variants")).hasSize(2);
        assertThat(changed.json().at("/variants/1/prices")).hasSize(1);
    }

    /// All the rules are in `ProductTest`; these are the words that clients are told.
    @Test
    void what_a_product_does_not_allow_is_told_with_its_reason() {
        var slug = unique("rules");
        var path = create(product(slug, "Rules", 100)).header("Location");
        var any = admin.with("If-Match", "*");

        admin.post("/v2/catalogue", variants(unique("bare"), "")).expectProblem(422, "nothing-to-sell");
        any.put(path, variants(slug, "")).expectProblem(422, "nothing-to-sell");
        any.put(path, product(slug, "Rules", 100).replace("active", "draft")).expectProblem(409, "already-published");
        var variant = any.delete(path).expect(200).text("/variants/0/id");
        any.put(path, product(slug, "Rules", 100)).expectProblem(409, "already-retired");
        admin.post("/v2/variants/" + variant + "/prices", price("1", "EUR")).expectProblem(409, "already-retired");
        any.delete(path).expect(200).expectText("/version", "2");
    }

    @Test
    void a_retired_product_is_kept_for_staff_only() {
        var created = create(product(unique("old"), "Old", 100));
        var path = created.header("Location");

        admin.with("If-Match", "\"1\"")
                .delete(path)
                .expect(200)
                .expectText("/status", "retired")
                .expectText("/variants/0/prices/0/amount", "100");
        anyone.get("/v2/products/" + created.text("/id")).expectProblem(404, "not-found");
        support.get(path).expect(200).expectText("/status", "retired");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    currency=EUR                             | 3
                    currency=EUR&minPrice=200                | 2
                    currency=EUR&maxPrice=200                | 2
                    currency=EUR&minPrice=150&maxPrice=250   | 1
                    currency=USD                             | 0
                    currency=EUR&minPrice=301                | 0
                    """)
    void products_are_found_by_what_they_cost(String query, int found) {
        var family = unique("cost");
        for (var i = 1; i <= 3; i++) {
            create(product(family + "-" + i, family, 100L * i));
        }

        assertThat(anyone.get("/v2/products?search=" + family + "&" + query)
                        .expect(200)
                        .json()
                        .at("/items"))
                .hasSize(found);
    }

    @Test
    void ten_products_with_their_variants_take_one_statement_that_no_change_can_come_into() throws Exception {
        var family = unique("ten");
        for (var i = 0; i < 10; i++) {
            var slug = family + "-" + i;
            create(variants(
                            slug,
                            variant(slug + "-a", price("1", "EUR")) + "," + variant(slug + "-b", price("2", "EUR")))
                    .replace("\"name\": \"A\"", "\"name\": \"%s\"".formatted(family)));
        }

        var statements = SqlStatements.during(() -> {
            var page = anyone.get("/v2/products?search=" + family).expect(200);
            assertThat(page.json().at("/items")).hasSize(10);
            assertThat(page.json().at("/items/9/variants/1/prices")).hasSize(1);
            return page;
        });

        assertThat(statements).isEqualTo(1);
    }

    @Test
    void a_product_is_read_by_one_statement_that_no_change_can_come_into() throws Exception {
        var slug = unique("one");
        var id = create(product(slug, "One", 100)).text("/id");

        for (var path : List.of("/v2/products/" + id, "/v2/products/by-slug/" + slug)) {
            assertThat(SqlStatements.during(() -> anyone.get(path).expectText("/variants/0/prices/0/amount", "100")))
                    .as(path)
                    .isEqualTo(1);
        }
    }

    @Test
    void the_same_again_is_no_change() {
        var slug = unique("same");
        var body = product(slug, "Same", 100);
        var created = create(body);

        var again = admin.with("If-Match", "\"1\"").put(created.header("Location"), body);

        again.expect(200).expectHeader("ETag", "\"1\"");
        assertThat(again.json()).isEqualTo(created.json());
    }
}
