package dev.slipway.shop.product;

import static dev.slipway.shop.product.Samples.changePrice;
import static dev.slipway.shop.product.Samples.createProduct;
import static dev.slipway.shop.product.Samples.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.testing.SchemaFile;
import dev.slipway.testing.SqlStatements;
import dev.slipway.testing.TestClient;
import dev.slipway.testing.TestReply;
import dev.slipway.testing.TestService;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The catalogue by GraphQL.
@Timeout(60)
class ProductGraphTest {

    @RegisterExtension
    static final TestService service = TestService.of(new ProductApp());

    private final TestClient admin = service.as("ada", "admin");
    private final TestClient anyone = service.anonymous();

    private static String body(String document) throws Exception {
        return new JsonMapper().writeValueAsString(Map.of("query", document));
    }

    private static TestReply send(TestClient client, String document) throws Exception {
        return client.post("/graphql", body(document)).expect(200);
    }

    @Test
    void a_product_is_created_read_changed_and_retired() throws Exception {
        var slug = unique("graph");
        var input =
                "{slug: \"%s\", name: \"Boots\", status: ACTIVE, variants: [{sku: \"S-%s\", name: \"Only\", attributes: [{name: \"size\", value: \"42\"}], prices: [{amount: 100, currency: \"EUR\"}]}]}"
                        .formatted(slug, slug);
        var create =
                "mutation { createProduct(input: %s) { __typename ... on Product { id version } ... on Refusal { code } } }"
                        .formatted(input);

        var id = send(admin, create).text("/data/createProduct/id");
        send(admin, create).expectText("/data/createProduct/__typename", "SlugTaken");
        send(
                        anyone,
                        "{ product(id: \"%s\") { slug status variants { sku attributes { name value } prices { amount currency } } } }"
                                .formatted(id))
                .expectText("/data/product/slug", slug)
                .expectText("/data/product/status", "ACTIVE")
                .expectText("/data/product/variants/0/attributes/0/value", "42")
                .expectText("/data/product/variants/0/prices/0/amount", "100");
        send(anyone, "{ productBySlug(slug: \"%s\") { id } }".formatted(slug)).expectText("/data/productBySlug/id", id);
        var change =
                "mutation { changeProduct(id: \"%s\", expectedVersion: %d, input: %s) { __typename ... on Product { name version } } }";
        send(admin, change.formatted(id, 1, input.replace("Boots", "Shoes")))
                .expectText("/data/changeProduct/name", "Shoes");
        send(admin, change.formatted(id, 1, input)).expectText("/data/changeProduct/__typename", "StaleVersion");
        send(
                        admin,
                        "mutation { retireProduct(id: \"%s\", expectedVersion: 2) { ... on Product { status } } }"
                                .formatted(id))
                .expectText("/data/retireProduct/status", "RETIRED");
        send(anyone, "{ product(id: \"%s\") { slug } }".formatted(id))
                .expectText("/errors/0/extensions/code", "not-found");
        send(admin, "{ catalogueProduct(id: \"%s\") { version } }".formatted(id))
                .expectText("/data/catalogueProduct/version", "3");
        send(admin, "{ catalogue(status: RETIRED, search: \"Shoes\") { nodes { status } } }")
                .expectText("/data/catalogue/nodes/0/status", "RETIRED");
    }

    @Test
    void ten_products_with_their_variants_and_prices_take_two_statements() throws Exception {
        var family = unique("ten");
        for (var i = 0; i < 10; i++) {
            createProduct(service, family + "-" + i, 100 + i);
        }
        var document =
                "{ products(search: \"%s\", sort: NAME) { edges { cursor node { name variants { sku prices { amount currency } } } } pageInfo { hasNextPage endCursor } } }"
                        .formatted(family);

        var statements = SqlStatements.during(() ->
                send(anyone, document).expectText("/data/products/edges/9/node/variants/0/prices/0/amount", "109"));

        assertThat(statements).isEqualTo(2);
    }

    @Test
    void pages_of_products_and_prices_follow_each_other() throws Exception {
        var family = unique("page");
        createProduct(service, family + "-0", 100);
        var variant = createProduct(service, family + "-1", 100).text("/variants/0/id");
        changePrice(service, variant, 90);

        var list = "{ products(search: \"%s\", first: 1%s) { nodes { slug } pageInfo { hasNextPage endCursor } } }";
        var first = send(anyone, list.formatted(family, "")).expectText("/data/products/nodes/0/slug", family + "-0");
        send(anyone, list.formatted(family, ", after: \"" + first.text("/data/products/pageInfo/endCursor") + "\""))
                .expectText("/data/products/nodes/0/slug", family + "-1")
                .expectText("/data/products/pageInfo/hasNextPage", "false");
        var prices = "{ prices(id: \"%s\", first: 1%s) { nodes { money { amount } validTo } pageInfo { endCursor } } }";
        var newest = send(anyone, prices.formatted(variant, "")).expectText("/data/prices/nodes/0/money/amount", "90");
        send(anyone, prices.formatted(variant, ", after: \"" + newest.text("/data/prices/pageInfo/endCursor") + "\""))
                .expectText("/data/prices/nodes/0/money/amount", "100");
    }

    @Test
    void a_price_is_changed_once_for_each_key() throws Exception {
        var variant = createProduct(service, unique("key"), 100).text("/variants/0/id");
        var change =
                "mutation { changePrice(id: \"%s\", input: {amount: 80, currency: \"EUR\"}, idempotencyKey: \"%s\") { ... on Price { id money { amount } } } }"
                        .formatted(variant, unique("k"));

        var first = send(admin, change).expectText("/data/changePrice/money/amount", "80");
        changePrice(service, variant, 70);

        assertThat(send(admin, change).body()).isEqualTo(first.body());
        send(anyone, "{ prices(id: \"%s\") { nodes { money { amount } } } }".formatted(variant))
                .expectText("/data/prices/nodes/0/money/amount", "70");
    }

    @Test
    void prices_are_told_as_they_change() throws Exception {
        var product = createProduct(service, unique("live"), 100);
        var request = HttpRequest.newBuilder(service.address("http").resolve("/graphql"))
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(BodyPublishers.ofString(
                        body("subscription { priceChanged(product: \"%s\") { missed change { sku price { amount } } } }"
                                .formatted(product.text("/id")))))
                .build();
        var http = HttpClient.newHttpClient();
        try (var lines = http.send(request, BodyHandlers.ofLines()).body()) {
            var events = lines.iterator();
            assertThat(data(events)).contains("\"missed\":true");

            changePrice(service, product.text("/variants/0/id"), 55);

            assertThat(data(events)).contains("\"missed\":false").contains("\"amount\":55");
        } finally {
            http.shutdownNow();
        }
    }

    private static String data(Iterator<String> lines) {
        while (lines.hasNext()) {
            var line = lines.next();
            if (line.startsWith("data: {")) {
                return line;
            }
        }
        throw new AssertionError("the stream has ended");
    }

    @Test
    void the_same_policies_hold_as_by_rest() throws Exception {
        send(anyone, "{ catalogue { nodes { id } } }").expectText("/errors/0/extensions/code", "token-required");
        send(service.as("joe"), "{ catalogue { nodes { id } } }").expectText("/errors/0/extensions/code", "forbidden");
    }

    @Test
    void the_schema_breaks_no_client() {
        SchemaFile.matches(
                Path.of("api", "graphql", "schema.graphqls"),
                anyone.get("/graphql/schema.graphqls").expect(200).body());
    }
}
