package dev.slipway.shop.product.catalogue;

import static dev.slipway.shop.product.catalogue.Samples.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.Problem;
import dev.slipway.grpc.GrpcProblems;
import dev.slipway.local.DevelopmentTokens;
import dev.slipway.operation.Operation;
import dev.slipway.shop.product.ProductApp;
import dev.slipway.testing.Parity;
import dev.slipway.testing.Parity.Answer;
import dev.slipway.testing.TestClient;
import dev.slipway.testing.TestService;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import proto.dev.slipway.shop.product.v1.CatalogueServiceGrpc;
import proto.dev.slipway.shop.product.v1.CatalogueServiceGrpc.CatalogueServiceBlockingStub;
import proto.dev.slipway.shop.product.v1.ChangePriceRequest;
import proto.dev.slipway.shop.product.v1.ChangeProductRequest;
import proto.dev.slipway.shop.product.v1.CreateProductRequest;
import proto.dev.slipway.shop.product.v1.ListProductsRequest;
import proto.dev.slipway.shop.product.v1.ReadPricesRequest;
import proto.dev.slipway.shop.product.v1.ReadProductBySlugRequest;
import proto.dev.slipway.shop.product.v1.ReadProductRequest;
import proto.dev.slipway.shop.product.v1.RetireProductRequest;
import proto.dev.slipway.shop.product.v1.ReviewProductRequest;
import proto.dev.slipway.shop.product.v1.ReviewProductsRequest;
import proto.dev.slipway.shop.product.v1.Status;

/// For each operation, the same caller with the same input is told the same by REST, gRPC and GraphQL.
class ProductParityTest {
    private static final String REST = "REST";
    private static final String GRPC = "gRPC";
    private static final String GRAPHQL = "GraphQL";
    private static final String NOWHERE = new UUID(0, 7).toString();
    private static final long VERSION = 1;
    private static final long STALE = 99;

    @RegisterExtension
    static final TestService service = TestService.of(new ProductApp());

    /// Who asks.
    private record Who(String name, List<String> roles) {
        static final List<Who> ALL = List.of(
                new Who("anyone", List.of()),
                new Who("somebody", List.of("customer")),
                new Who("support", List.of("support")),
                new Who("admin", List.of("admin")));

        boolean isKnown() {
            return !roles.isEmpty();
        }

        TestClient client() {
            return isKnown() ? service.as(name, roles.toArray(String[]::new)) : service.anonymous();
        }
    }

    /// What is asked of whichever operation; it takes the parts that it needs.
    ///
    /// @param id of the product or variant
    /// @param version that the caller has seen
    private record Ask(
            String id, String slug, String name, long amount, int limit, long version, Optional<String> key) {}

    /// One way to ask an operation.
    private interface Speaker {
        Answer say(Who who, Ask ask) throws Exception;
    }

    /// How an operation is asked by each protocol.
    ///
    /// @param onVariant whether it is about a variant, and not about a product
    private record Ways(boolean onVariant, Map<String, Speaker> byProtocol) {}

    private ManagedChannel channel;

    @BeforeEach
    void connect() {
        channel = NettyChannelBuilder.forAddress(
                        "localhost", service.address("grpc").getPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    @Test
    void every_operation_is_compared() {
        var operations = Stream.of(ProductOperations.class.getRecordComponents())
                .filter(component -> component.getType() == Operation.class)
                .map(component -> component.getName())
                // Version 1 is an address of REST alone.
                .filter(name -> !name.equals("readVersionOne"));

        assertThat(ways().keySet()).containsExactlyInAnyOrderElementsOf(operations.toList());
    }

    @TestFactory
    Stream<DynamicTest> protocols_give_the_same_answer() {
        var parity = new Parity();
        ways().forEach((operation, ways) -> {
            for (var who : Who.ALL) {
                questions(operation).forEach((input, change) -> {
                    var byProtocol = new HashMap<String, Callable<Answer>>();
                    ways.byProtocol()
                            .forEach((protocol, speaker) ->
                                    byProtocol.put(protocol, () -> change.ask(speaker, who, fresh(ways.onVariant()))));
                    parity.ask(operation + " by " + who.name() + ": " + input, byProtocol);
                });
            }
        });
        return parity.tests();
    }

    private interface Question {
        Answer ask(Speaker speaker, Who who, Ask ask) throws Exception;
    }

    /// The inputs of an operation, by their names.
    private static Map<String, Question> questions(String operation) {
        var questions = new HashMap<String, Question>();
        questions.put("what is there", Speaker::say);
        var takesId = !List.of("create", "list", "reviewAll").contains(operation);
        if (takesId) {
            questions.put(
                    "what is missing",
                    (speaker, caller, ask) -> speaker.say(
                            caller,
                            new Ask(NOWHERE, "nowhere", ask.name(), ask.amount(), ask.limit(), VERSION, ask.key())));
        }
        if (takesId && !operation.equals("readBySlug")) {
            questions.put(
                    "what cannot be",
                    (speaker, caller, ask) -> speaker.say(
                            caller,
                            new Ask("nope", "nope", ask.name(), ask.amount(), ask.limit(), VERSION, ask.key())));
        }
        questions.put(
                "what is not valid",
                (speaker, caller, ask) ->
                        speaker.say(caller, new Ask(ask.id(), "No Slug", " ", ask.amount(), 0, VERSION, ask.key())));
        questions.put(
                "a price that is none",
                (speaker, caller, ask) -> speaker.say(
                        caller, new Ask(ask.id(), ask.slug(), ask.name(), -1, ask.limit(), VERSION, ask.key())));
        questions.put(
                "what somebody changed",
                (speaker, caller, ask) -> speaker.say(
                        caller,
                        new Ask(ask.id(), ask.slug(), ask.name(), ask.amount(), ask.limit(), STALE, ask.key())));
        if (operation.equals("create") || operation.equals("changePrice")) {
            questions.put("the same again with its key", (speaker, caller, ask) -> again(speaker, caller, ask, 0));
            questions.put("another thing with its key", (speaker, caller, ask) -> again(speaker, caller, ask, 1));
        }
        return questions;
    }

    private static Answer again(Speaker speaker, Who who, Ask ask, long difference) throws Exception {
        var key = Optional.of(unique("key"));
        speaker.say(who, new Ask(ask.id(), ask.slug(), ask.name(), ask.amount(), ask.limit(), ask.version(), key));
        return speaker.say(
                who,
                new Ask(ask.id(), ask.slug(), ask.name(), ask.amount() + difference, ask.limit(), ask.version(), key));
    }

    /// A product of its own for each question and protocol.
    private static Ask fresh(boolean variant) {
        var slug = unique("parity");
        var created = Samples.createProduct(service, slug, 100);
        var id = created.text(variant ? "/variants/0/id" : "/id");
        return new Ask(id, slug, "Product " + slug, 200, 1, VERSION, Optional.empty());
    }

    private Map<String, Ways> ways() {
        return Map.of(
                "create", create(),
                "read", read(),
                "readBySlug", readBySlug(),
                "list", list(),
                "review", review(),
                "reviewAll", reviewAll(),
                "change", change(),
                "retire", retire(),
                "changePrice", changePrice(),
                "readPrices", readPrices());
    }

    private static Ways onProduct(Speaker rest, Speaker grpc, Speaker graphql) {
        return new Ways(false, Map.of(REST, rest, GRPC, grpc, GRAPHQL, graphql));
    }

    private Ways create() {
        return onProduct(
                (who, ask) -> Answer.ofRest(
                        keyed(who, ask).post("/v2/catalogue", json(renewed(ask)).toString()),
                        ProductParityTest::product),
                (who, ask) -> grpc(() -> product(stub(who, ask)
                        .createProduct(CreateProductRequest.newBuilder()
                                .setProduct(message(renewed(ask)))
                                .build())
                        .getProduct())),
                (who, ask) -> graphql(
                        who,
                        "mutation($input: ProductInput!, $key: String) { createProduct(input: $input, idempotencyKey: $key) { %s } }"
                                .formatted(PRODUCT_OR_REFUSAL),
                        "createProduct",
                        variables("input", graphInput(renewed(ask)), "key", ask.key())));
    }

    /// The slug of a product that is not there yet, made of that of one that is.
    private static Ask renewed(Ask ask) {
        var slug = ask.slug().contains(" ") ? ask.slug() : ask.slug() + "-new";
        return new Ask(ask.id(), slug, ask.name(), ask.amount(), ask.limit(), ask.version(), ask.key());
    }

    private Ways read() {
        return onProduct(
                (who, ask) -> Answer.ofRest(who.client().get("/v2/products/" + ask.id()), ProductParityTest::product),
                (who, ask) -> grpc(() -> product(stub(who, ask)
                        .readProduct(
                                ReadProductRequest.newBuilder().setId(ask.id()).build())
                        .getProduct())),
                (who, ask) -> graphql(
                        who,
                        "query($id: ID!) { product(id: $id) { %s } }".formatted(PRODUCT),
                        "product",
                        variables("id", ask.id())));
    }

    private Ways readBySlug() {
        return onProduct(
                (who, ask) -> Answer.ofRest(
                        who.client().get("/v2/products/by-slug/" + ask.slug().replace(" ", "%20")),
                        ProductParityTest::product),
                (who, ask) -> grpc(() -> product(stub(who, ask)
                        .readProductBySlug(ReadProductBySlugRequest.newBuilder()
                                .setSlug(ask.slug())
                                .build())
                        .getProduct())),
                (who, ask) -> graphql(
                        who,
                        "query($slug: String!) { productBySlug(slug: $slug) { %s } }".formatted(PRODUCT),
                        "productBySlug",
                        variables("slug", ask.slug())));
    }

    private Ways list() {
        return onProduct(
                (who, ask) -> Answer.ofRest(
                        who.client().get("/v2/products?limit=" + ask.limit() + "&search=" + search(ask)),
                        page -> products(page.at("/items"))),
                (who, ask) -> grpc(() -> products(stub(who, ask)
                        .listProducts(ListProductsRequest.newBuilder()
                                .setLimit(ask.limit())
                                .setSearch(search(ask))
                                .build())
                        .getItemsList())),
                (who, ask) -> graphql(
                        who,
                        "query($limit: Int, $search: String) { products(first: $limit, search: $search) { nodes { %s } } }"
                                .formatted(PRODUCT),
                        "products",
                        variables("limit", ask.limit(), "search", search(ask))));
    }

    private static String search(Ask ask) {
        return ask.slug().replace(" ", "-");
    }

    private Ways review() {
        return onProduct(
                (who, ask) -> Answer.ofRest(who.client().get("/v2/catalogue/" + ask.id()), ProductParityTest::product),
                (who, ask) -> grpc(() -> product(stub(who, ask)
                        .reviewProduct(ReviewProductRequest.newBuilder()
                                .setId(ask.id())
                                .build())
                        .getProduct())),
                (who, ask) -> graphql(
                        who,
                        "query($id: ID!) { catalogueProduct(id: $id) { %s } }".formatted(PRODUCT),
                        "catalogueProduct",
                        variables("id", ask.id())));
    }

    private Ways reviewAll() {
        return onProduct(
                (who, ask) -> Answer.ofRest(
                        who.client().get("/v2/catalogue?limit=" + ask.limit() + "&search=" + search(ask)),
                        page -> products(page.at("/items"))),
                (who, ask) -> grpc(() -> products(stub(who, ask)
                        .reviewProducts(ReviewProductsRequest.newBuilder()
                                .setLimit(ask.limit())
                                .setSearch(search(ask))
                                .build())
                        .getItemsList())),
                (who, ask) -> graphql(
                        who,
                        "query($limit: Int, $search: String) { catalogue(first: $limit, search: $search) { nodes { %s } } }"
                                .formatted(PRODUCT),
                        "catalogue",
                        variables("limit", ask.limit(), "search", search(ask))));
    }

    private Ways change() {
        return onProduct(
                (who, ask) -> Answer.ofRest(
                        who.client()
                                .with("If-Match", "\"" + ask.version() + "\"")
                                .put("/v2/catalogue/" + ask.id(), json(ask).toString()),
                        ProductParityTest::product),
                (who, ask) -> grpc(() -> product(stub(who, ask)
                        .changeProduct(ChangeProductRequest.newBuilder()
                                .setId(ask.id())
                                .setExpectedVersion(ask.version())
                                .setProduct(message(ask))
                                .build())
                        .getProduct())),
                (who, ask) -> graphql(
                        who,
                        "mutation($id: ID!, $input: ProductInput!, $version: Long!) { changeProduct(id: $id, input: $input, expectedVersion: $version) { %s } }"
                                .formatted(PRODUCT_OR_REFUSAL),
                        "changeProduct",
                        variables("id", ask.id(), "input", graphInput(ask), "version", ask.version())));
    }

    private Ways retire() {
        return onProduct(
                (who, ask) -> Answer.ofRest(
                        who.client()
                                .with("If-Match", "\"" + ask.version() + "\"")
                                .delete("/v2/catalogue/" + ask.id()),
                        ProductParityTest::product),
                (who, ask) -> grpc(() -> product(stub(who, ask)
                        .retireProduct(RetireProductRequest.newBuilder()
                                .setId(ask.id())
                                .setExpectedVersion(ask.version())
                                .build())
                        .getProduct())),
                (who, ask) -> graphql(
                        who,
                        "mutation($id: ID!, $version: Long!) { retireProduct(id: $id, expectedVersion: $version) { %s } }"
                                .formatted(PRODUCT_OR_REFUSAL.replace(
                                        "... on InvalidInput { fields { field code } }", "")),
                        "retireProduct",
                        variables("id", ask.id(), "version", ask.version())));
    }

    private Ways changePrice() {
        return new Ways(
                true,
                Map.of(
                        REST,
                        (who, ask) -> Answer.ofRest(
                                keyed(who, ask)
                                        .post(
                                                "/v2/variants/" + ask.id() + "/prices",
                                                "{\"amount\": %d, \"currency\": \"%s\"}"
                                                        .formatted(ask.amount(), currency(ask))),
                                price -> money(price.at("/money"))),
                        GRPC,
                        (who, ask) -> grpc(() -> money(stub(who, ask)
                                .changePrice(ChangePriceRequest.newBuilder()
                                        .setVariantId(ask.id())
                                        .setMoney(money(ask.amount(), currency(ask)))
                                        .build())
                                .getPrice()
                                .getMoney())),
                        GRAPHQL,
                        (who, ask) -> graphql(
                                who,
                                "mutation($id: ID!, $input: MoneyInput!, $key: String) { changePrice(id: $id, input: $input, idempotencyKey: $key) { __typename ... on Price { money { amount currency } } ... on Refusal { code } ... on InvalidInput { fields { field code } } } }",
                                "changePrice",
                                variables(
                                        "id",
                                        ask.id(),
                                        "input",
                                        Map.of("amount", ask.amount(), "currency", currency(ask)),
                                        "key",
                                        ask.key()))));
    }

    /// One that is none, where the input is to be wrong.
    private static String currency(Ask ask) {
        return ask.limit() == 0 ? "ZZZ" : "EUR";
    }

    private Ways readPrices() {
        return new Ways(
                true,
                Map.of(
                        REST,
                        (who, ask) -> Answer.ofRest(
                                who.client().get("/v2/variants/" + ask.id() + "/prices?limit=" + ask.limit()),
                                page -> money(page.at("/items/0/money"))),
                        GRPC,
                        (who, ask) -> grpc(() -> {
                            var prices = stub(who, ask)
                                    .readPrices(ReadPricesRequest.newBuilder()
                                            .setVariantId(ask.id())
                                            .setLimit(ask.limit())
                                            .build());
                            return prices.getItemsCount() == 0
                                    ? " "
                                    : money(prices.getItems(0).getMoney());
                        }),
                        GRAPHQL,
                        (who, ask) -> graphql(
                                who,
                                "query($id: ID!, $limit: Int) { prices(id: $id, first: $limit) { nodes { money { amount currency } } } }",
                                "prices",
                                variables("id", ask.id(), "limit", ask.limit()))));
    }

    private static final String PRODUCT =
            "name status version variants { name attributes { name value } prices { amount currency } }";
    private static final String PRODUCT_OR_REFUSAL =
            "__typename ... on Product { %s } ... on Refusal { code } ... on InvalidInput { fields { field code } }"
                    .formatted(PRODUCT);

    private static TestClient keyed(Who who, Ask ask) {
        return ask.key().map(key -> who.client().with("Idempotency-Key", key)).orElseGet(who::client);
    }

    private CatalogueServiceBlockingStub stub(Who who, Ask ask) {
        var metadata = new Metadata();
        if (who.isKnown()) {
            metadata.put(
                    Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                    "Bearer " + DevelopmentTokens.token(who.name(), who.roles(), Instant.now()));
        }
        ask.key()
                .ifPresent(
                        key -> metadata.put(Metadata.Key.of("idempotency-key", Metadata.ASCII_STRING_MARSHALLER), key));
        return CatalogueServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static Answer grpc(Callable<String> call) throws Exception {
        try {
            return Answer.done(call.call());
        } catch (StatusRuntimeException e) {
            Problem problem = GrpcProblems.of(e).orElseThrow(() -> e);
            return Answer.refused(
                    problem.code(),
                    problem.fields().stream()
                            .map(field -> field.field() + " " + field.code())
                            .toList());
        }
    }

    private static Answer graphql(Who who, String document, String field, Map<String, Object> variables)
            throws Exception {
        var body = new JsonMapper().writeValueAsString(Map.of("query", document, "variables", variables));
        return Answer.ofGraphQl(who.client().post("/graphql", body), field, data -> {
            var nodes = data.at("/nodes");
            if (nodes.isMissingNode()) {
                return data.has("money") ? money(data.at("/money")) : product(data);
            }
            return field.equals("prices") ? money(data.at("/nodes/0/money")) : products(nodes);
        });
    }

    private static Map<String, Object> variables(Object... pairs) {
        var variables = new HashMap<String, Object>();
        for (var i = 0; i < pairs.length; i += 2) {
            if (!(pairs[i + 1] instanceof Optional<?> optional)) {
                variables.put(pairs[i].toString(), pairs[i + 1]);
            } else if (optional.isPresent()) {
                variables.put(pairs[i].toString(), optional.get());
            }
        }
        return variables;
    }

    private static JsonNode json(Ask ask) {
        try {
            return new JsonMapper().readTree(Samples.product(ask.slug(), ask.name(), ask.amount()));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode graphInput(Ask ask) {
        return ((ObjectNode) json(ask)).put("status", "ACTIVE");
    }

    private static proto.dev.slipway.shop.product.v1.ProductInput message(Ask ask) {
        var json = json(ask);
        var variant = json.at("/variants/0");
        var input = proto.dev.slipway.shop.product.v1.ProductInput.newBuilder()
                .setSlug(ask.slug())
                .setName(ask.name())
                .setStatus(Status.STATUS_ACTIVE);
        var only = input.addVariantsBuilder()
                .setSku(variant.at("/sku").asText())
                .setName(variant.at("/name").asText())
                .addPrices(money(ask.amount(), "EUR"));
        variant.at("/attributes")
                .forEach(attribute -> only.addAttributesBuilder()
                        .setName(attribute.at("/name").asText())
                        .setValue(attribute.at("/value").asText()));
        return input.build();
    }

    private static proto.dev.slipway.shop.product.v1.Money money(long amount, String currency) {
        return proto.dev.slipway.shop.product.v1.Money.newBuilder()
                .setAmount(amount)
                .setCurrency(currency)
                .build();
    }

    /// What of a product does not differ from one to the other: the unique part of its name does.
    private static String product(JsonNode product) {
        var variants = new ArrayList<String>();
        product.at("/variants").forEach(variant -> {
            var attributes = new ArrayList<String>();
            variant.at("/attributes")
                    .forEach(attribute -> attributes.add(attribute.at("/name").asText() + "="
                            + attribute.at("/value").asText()));
            var prices = new ArrayList<String>();
            variant.at("/prices").forEach(price -> prices.add(money(price)));
            variants.add(variant.at("/name").asText() + attributes + prices);
        });
        return text(product.at("/status").asText(), product.at("/version").asLong(), variants);
    }

    private static String product(proto.dev.slipway.shop.product.v1.Product product) {
        var variants = product.getVariantsList().stream()
                .map(variant -> variant.getName()
                        + variant.getAttributesList().stream()
                                .map(attribute -> attribute.getName() + "=" + attribute.getValue())
                                .toList()
                        + variant.getPricesList().stream()
                                .map(ProductParityTest::money)
                                .toList())
                .toList();
        return text(product.getStatus().name().replace("STATUS_", ""), product.getVersion(), variants);
    }

    private static String text(String status, long version, List<String> variants) {
        return status.toLowerCase(Locale.ROOT) + " " + version + " " + variants;
    }

    private static String money(JsonNode money) {
        return money.at("/amount").asText() + " " + money.at("/currency").asText();
    }

    private static String money(proto.dev.slipway.shop.product.v1.Money money) {
        return money.getAmount() + " " + money.getCurrency();
    }

    private static String products(JsonNode products) {
        var all = new ArrayList<String>();
        products.forEach(product -> all.add(product(product)));
        return all.toString();
    }

    private static String products(List<proto.dev.slipway.shop.product.v1.Product> products) {
        return products.stream()
                .map(ProductParityTest::product)
                .collect(Collectors.toList())
                .toString();
    }
}
