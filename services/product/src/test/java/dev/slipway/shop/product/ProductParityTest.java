package dev.slipway.shop.product;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.testing.Parity;
import dev.slipway.testing.TestService;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/// For each operation, the same caller with the same input is told the same by each protocol.
class ProductParityTest {

    @RegisterExtension
    static final TestService service = TestService.of(new ProductApp());

    @TestFactory
    Stream<DynamicTest> protocols_give_the_same_answer() {
        var search = "{\"search\": \"%s\", \"limit\": 1}";
        return Parity.of(service)
                .caller("somebody", "customer")
                .caller("sue", "support")
                .caller("ada", "admin")
                .things(unique -> Map.of("id", create(unique, "/id"), "slug", unique))
                .things("changePrice", unique -> Map.of("id", create(unique, "/variants/0/id")))
                .things("readPrices", unique -> Map.of("id", create(unique, "/variants/0/id")))
                .input("createProduct", unique -> Samples.product("new-" + unique, "Product " + unique, 200))
                .input("changeProduct", unique -> Samples.product(unique, "Product " + unique, 200))
                .input("changePrice", unique -> "{\"amount\": 200, \"currency\": \"EUR\"}")
                .input("readPrices", unique -> "{\"limit\": 1}")
                .input("listProducts", search::formatted)
                .input("reviewProducts", search::formatted)
                .wrong("createProduct", "a slug that is none", input -> input.put("slug", "No Slug"))
                .wrong(
                        "createProduct",
                        "a price that is none",
                        input -> price(input).put("amount", -1))
                .wrong(
                        "changeProduct",
                        "a price that is none",
                        input -> price(input).put("amount", -1))
                .wrong("changePrice", "a currency that is none", input -> input.put("currency", "ZZZ"))
                .field("reviewProduct", "catalogueProduct")
                .field("reviewProducts", "catalogue")
                .tests();
    }

    private static ObjectNode price(ObjectNode product) {
        return (ObjectNode) product.at("/variants/0/prices/0");
    }

    private static String create(String slug, String part) {
        return Samples.createProduct(service, slug, 100).text(part);
    }
}
