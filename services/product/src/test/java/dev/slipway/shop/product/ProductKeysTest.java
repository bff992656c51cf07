package dev.slipway.shop.product;

import static dev.slipway.shop.product.Samples.createProduct;
import static dev.slipway.shop.product.Samples.product;
import static dev.slipway.shop.product.Samples.unique;

import dev.slipway.testing.KeyedCalls;
import dev.slipway.testing.TestService;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// An idempotency key does not decide how the work is done.
class ProductKeysTest {

    @RegisterExtension
    static final TestService service = KeyedCalls.prepared(TestService.of(new ProductApp()));

    @TestFactory
    Stream<DynamicTest> a_key_changes_nothing_but_itself() {
        return new KeyedCalls(service)
                .ask("createProduct", client -> client.post("/v2/catalogue", product(unique("keyed"), "Keyed", 100)))
                .ask("changeProduct", client -> {
                    var slug = unique("keyed");
                    var id = createProduct(service, slug, 100).text("/id");
                    return client.with("If-Match", "\"1\"").put("/v2/catalogue/" + id, product(slug, "Changed", 200));
                })
                .ask("retireProduct", client -> {
                    var id = createProduct(service, unique("keyed"), 100).text("/id");
                    return client.with("If-Match", "*").delete("/v2/catalogue/" + id);
                })
                .ask("changePrice", client -> {
                    var variant = createProduct(service, unique("keyed"), 100).text("/variants/0/id");
                    return client.post(
                            "/v2/variants/" + variant + "/prices", "{\"amount\": 90, \"currency\": \"EUR\"}");
                })
                .tests();
    }
}
