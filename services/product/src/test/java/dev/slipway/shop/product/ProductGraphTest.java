package dev.slipway.shop.product;

import static dev.slipway.shop.product.Samples.changePrice;
import static dev.slipway.shop.product.Samples.createProduct;
import static dev.slipway.shop.product.Samples.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.testing.SqlStatements;
import dev.slipway.testing.TestClient;
import dev.slipway.testing.TestReply;
import dev.slipway.testing.TestService;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What GraphQL does otherwise than the other protocols: it costs few statements, and tells of prices.
@Timeout(60)
class ProductGraphTest {

    @RegisterExtension
    static final TestService service = TestService.of(new ProductApp());

    private final TestClient anyone = service.anonymous();

    private static String body(String document) throws Exception {
        return new JsonMapper().writeValueAsString(Map.of("query", document));
    }

    private static TestReply send(TestClient client, String document) throws Exception {
        return client.post("/graphql", body(document)).expect(200);
    }

    @Test
    void ten_products_with_their_variants_and_prices_take_one_statement() throws Exception {
        var family = unique("ten");
        for (var i = 0; i < 10; i++) {
            createProduct(service, family + "-" + i, 100 + i);
        }
        var document =
                "{ products(search: \"%s\", sort: NAME) { edges { cursor node { name variants { sku prices { amount currency } } } } pageInfo { hasNextPage endCursor } } }"
                        .formatted(family);

        var statements = SqlStatements.during(() ->
                send(anyone, document).expectText("/data/products/edges/9/node/variants/0/prices/0/amount", "109"));

        assertThat(statements).isEqualTo(1);
    }

    @Test
    void pages_of_prices_follow_each_other() throws Exception {
        var variant = createProduct(service, unique("page"), 100).text("/variants/0/id");
        changePrice(service, variant, 90);

        var prices = "{ prices(id: \"%s\", first: 1%s) { nodes { money { amount } validTo } pageInfo { endCursor } } }";
        var newest = send(anyone, prices.formatted(variant, "")).expectText("/data/prices/nodes/0/money/amount", "90");
        send(anyone, prices.formatted(variant, ", after: \"" + newest.text("/data/prices/pageInfo/endCursor") + "\""))
                .expectText("/data/prices/nodes/0/money/amount", "100");
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

            // The first price may be told late.
            var told = Stream.generate(() -> data(events))
                    .filter(event -> !event.contains("\"amount\":100"))
                    .findFirst();
            assertThat(told.orElseThrow()).contains("\"missed\":false").contains("\"amount\":55");
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
}
