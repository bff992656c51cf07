package dev.slipway.shop.product;

import dev.slipway.testing.ContractSamples;
import dev.slipway.testing.ServiceContract;

class ContractTest extends ServiceContract {
    ContractTest() {
        super(
                new ProductApp(),
                new ContractSamples()
                        .anyone("listProducts", "readProduct", "readProductBySlug", "readPrices")
                        .role("support", "reviewProduct", "reviewProducts")
                        .role("customer")
                        .everything("admin")
                        .input("createProduct", """
                        {"slug": "*", "name": "Product *", "description": "Warm *", "status": "active",
                         "variants": [{"sku": "S-*", "name": "Only *",
                                       "attributes": [{"name": "colour", "value": "blue"}, {"name": "size", "value": "42"}],
                                       "prices": [{"amount": 200, "currency": "EUR"}]}]}
                        """)
                        .input("changePrice", "{\"amount\": 250, \"currency\": \"EUR\"}")
                        .input(
                                "listProducts",
                                "{\"search\": \"*\", \"currency\": \"EUR\", \"minPrice\": 200, \"maxPrice\": 200}")
                        .also("createProduct", "a draft", "{\"slug\": \"*\", \"name\": \"Product *\"}")
                        .also(
                                "listProducts",
                                "what costs more",
                                "{\"search\": \"*\", \"currency\": \"EUR\", \"minPrice\": 201}")
                        .also(
                                "listProducts",
                                "what costs less",
                                "{\"search\": \"*\", \"currency\": \"EUR\", \"maxPrice\": 199}")
                        .also("listProducts", "what costs other money", "{\"search\": \"*\", \"currency\": \"GBP\"}")
                        .also("readPrices", "of one currency", "{\"currency\": \"USD\"}")
                        .about("changePrice", "createProduct", "/variants/0/id")
                        .about("readPrices", "createProduct", "/variants/0/id")
                        .wrong("createProduct", "a slug that is none", "/slug", "No Slug")
                        .wrong("createProduct", "a price that is none", "/variants/0/prices/0/amount", -1)
                        .wrong("changeProduct", "a price that is none", "/variants/0/prices/0/amount", -1)
                        .wrong("changePrice", "a currency that is none", "/currency", "ZZZ")
                        .field("reviewProduct", "catalogueProduct")
                        .field("reviewProducts", "catalogue"));
    }
}
