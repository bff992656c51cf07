package dev.slipway.shop.product;

import dev.slipway.testing.TestReply;
import dev.slipway.testing.TestService;
import java.util.UUID;

/// Products that tests put into the catalogue.
public final class Samples {
    private Samples() {}

    public static String unique(String start) {
        return start + "-" + UUID.randomUUID();
    }

    /// An active product with one variant, as JSON.
    public static String product(String slug, String name, long euroCents) {
        return """
                {"slug": "%s", "name": "%s", "status": "active",
                 "variants": [{"sku": "%s", "name": "Only", "attributes": [{"name": "size", "value": "42"}, {"name": "colour", "value": "blue"}],
                               "prices": [{"amount": %s, "currency": "EUR"}]}]}\
                """.formatted(slug, name, sku(slug), euroCents).replace("\n", "");
    }

    /// The SKU of its variant.
    public static String sku(String slug) {
        return "S-" + slug;
    }

    public static TestReply createProduct(TestService service, String slug, long euroCents) {
        return service.as("ada", "admin")
                .post("/v2/catalogue", product(slug, "Product " + slug, euroCents))
                .expect(201);
    }

    public static void changePrice(TestService service, String variant, long euroCents) {
        service.as("ada", "admin")
                .post(
                        "/v2/variants/" + variant + "/prices",
                        "{\"amount\": %s, \"currency\": \"EUR\"}".formatted(euroCents))
                .expect(200);
    }
}
