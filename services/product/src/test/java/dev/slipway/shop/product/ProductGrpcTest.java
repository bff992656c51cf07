package dev.slipway.shop.product;

import static dev.slipway.shop.product.Samples.changePrice;
import static dev.slipway.shop.product.Samples.createProduct;
import static dev.slipway.shop.product.Samples.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.core.Problem;
import dev.slipway.grpc.GrpcProblems;
import dev.slipway.local.DevelopmentTokens;
import dev.slipway.shop.product.catalogue.imports.Imports;
import dev.slipway.testing.TestService;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import proto.dev.slipway.shop.product.v1.CatalogueServiceGrpc;
import proto.dev.slipway.shop.product.v1.ChangePriceRequest;
import proto.dev.slipway.shop.product.v1.ChangeProductRequest;
import proto.dev.slipway.shop.product.v1.CreateProductRequest;
import proto.dev.slipway.shop.product.v1.ImportProductsRequest;
import proto.dev.slipway.shop.product.v1.ImportProductsResponse;
import proto.dev.slipway.shop.product.v1.ListProductsRequest;
import proto.dev.slipway.shop.product.v1.ReadPricesRequest;
import proto.dev.slipway.shop.product.v1.ReadProductBySlugRequest;
import proto.dev.slipway.shop.product.v1.ReadProductRequest;
import proto.dev.slipway.shop.product.v1.RetireProductRequest;
import proto.dev.slipway.shop.product.v1.ReviewProductRequest;
import proto.dev.slipway.shop.product.v1.ReviewProductsRequest;
import proto.dev.slipway.shop.product.v1.Sort;
import proto.dev.slipway.shop.product.v1.Status;
import proto.dev.slipway.shop.product.v1.WatchPricesRequest;
import proto.dev.slipway.shop.product.v1.WatchPricesResponse;

/// The catalogue as gRPC clients see it, on a real database.
@Timeout(60)
class ProductGrpcTest {

    @RegisterExtension
    static final TestService service = TestService.of(new ProductApp());

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

    private <S extends AbstractStub<S>> S as(S stub, String subject, String... roles) {
        var metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + DevelopmentTokens.token(subject, List.of(roles), Instant.now()));
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private CatalogueServiceGrpc.CatalogueServiceBlockingStub admin() {
        return as(CatalogueServiceGrpc.newBlockingStub(channel), "ada", "admin");
    }

    private static proto.dev.slipway.shop.product.v1.ProductInput.Builder input(String slug, String name) {
        var input = proto.dev.slipway.shop.product.v1.ProductInput.newBuilder()
                .setSlug(slug)
                .setName(name)
                .setStatus(Status.STATUS_ACTIVE);
        input.addVariantsBuilder()
                .setSku("S-" + slug)
                .setName("Only")
                .addAttributes(proto.dev.slipway.shop.product.v1.Attribute.newBuilder()
                        .setName("size")
                        .setValue("42"))
                .addPrices(money(100));
        return input;
    }

    private static proto.dev.slipway.shop.product.v1.Money money(long amount) {
        return proto.dev.slipway.shop.product.v1.Money.newBuilder()
                .setAmount(amount)
                .setCurrency("EUR")
                .build();
    }

    private static Problem refused(Supplier<?> call) {
        var failure = catchThrowableOfType(StatusRuntimeException.class, call::get);
        return GrpcProblems.of(failure).orElseThrow();
    }

    @Test
    void a_product_is_created_read_changed_and_retired() {
        var slug = unique("grpc");
        var created = admin().createProduct(CreateProductRequest.newBuilder()
                        .setProduct(input(slug, "Created"))
                        .build())
                .getProduct();
        assertThat(created.getVariants(0).getAttributes(0).getValue()).isEqualTo("42");
        assertThat(created.getVariants(0).getPrices(0)).isEqualTo(money(100));
        var anyone = CatalogueServiceGrpc.newBlockingStub(channel);
        var read = ReadProductRequest.newBuilder().setId(created.getId()).build();
        assertThat(anyone.readProduct(read).getProduct()).isEqualTo(created);
        assertThat(anyone.readProductBySlug(ReadProductBySlugRequest.newBuilder()
                                .setSlug(slug)
                                .build())
                        .getProduct())
                .isEqualTo(created);

        var changed = admin().changeProduct(ChangeProductRequest.newBuilder()
                        .setId(created.getId())
                        .setExpectedVersion(1)
                        .setProduct(input(slug, "Changed"))
                        .build())
                .getProduct();
        assertThat(changed.getName()).isEqualTo("Changed");
        var retire = RetireProductRequest.newBuilder().setId(created.getId());
        assertThat(refused(() -> admin().retireProduct(retire.build())).code()).isEqualTo("version-required");
        assertThat(refused(() -> admin().retireProduct(
                                        retire.setExpectedVersion(1).build()))
                        .code())
                .isEqualTo("stale-version");
        assertThat(admin().retireProduct(retire.setExpectedVersion(2).build())
                        .getProduct()
                        .getStatus())
                .isEqualTo(Status.STATUS_RETIRED);
        assertThat(refused(() -> anyone.readProduct(read)).code()).isEqualTo("not-found");
        assertThat(admin().reviewProduct(ReviewProductRequest.newBuilder()
                                .setId(created.getId())
                                .build())
                        .getProduct()
                        .getVersion())
                .isEqualTo(3);
    }

    @Test
    void lists_are_filtered_sorted_and_come_in_pages() {
        var family = unique("list");
        for (var i = 0; i < 3; i++) {
            admin().createProduct(CreateProductRequest.newBuilder()
                    .setProduct(input(family + "-" + i, family + " " + i))
                    .build());
        }
        var request = ListProductsRequest.newBuilder()
                .setSearch(family)
                .setCurrency("EUR")
                .setMinPrice(100)
                .setMaxPrice(100)
                .setLimit(2);
        for (var sort : List.of(Sort.SORT_NAME, Sort.SORT_CREATED, Sort.SORT_UNSPECIFIED)) {
            var first = CatalogueServiceGrpc.newBlockingStub(channel)
                    .listProducts(request.clearCursor().setSort(sort).build());
            assertThat(first.getItemsList())
                    .extracting(proto.dev.slipway.shop.product.v1.Product::getName)
                    .containsExactly(family + " 0", family + " 1");
            var second = CatalogueServiceGrpc.newBlockingStub(channel)
                    .listProducts(request.setCursor(first.getNext()).build());
            assertThat(second.getItemsCount()).isEqualTo(1);
            assertThat(second.hasNext()).isFalse();
        }
        var review = ReviewProductsRequest.newBuilder().setSearch(family).setLimit(2);
        for (var sort : List.of(Sort.SORT_NAME_DESCENDING, Sort.SORT_CREATED_DESCENDING)) {
            var page = admin().reviewProducts(review.clearCursor().setSort(sort).build());
            assertThat(page.getItems(0).getName()).isEqualTo(family + " 2");
            assertThat(admin().reviewProducts(review.setCursor(page.getNext()).build())
                            .getItemsCount())
                    .isEqualTo(1);
        }
        for (var status : List.of(Status.STATUS_DRAFT, Status.STATUS_RETIRED)) {
            assertThat(admin().reviewProducts(
                                    review.clearCursor().setStatus(status).build())
                            .getItemsCount())
                    .isZero();
        }
        assertThat(refused(() -> admin().reviewProducts(ReviewProductsRequest.newBuilder()
                                .setStatusValue(77)
                                .build()))
                        .code())
                .isEqualTo("invalid-input");
        assertThat(refused(() -> admin().reviewProducts(ReviewProductsRequest.newBuilder()
                                .setSortValue(77)
                                .build()))
                        .code())
                .isEqualTo("invalid-input");
    }

    @Test
    void prices_have_a_history() {
        var variant = createProduct(service, unique("history"), 100).text("/variants/0/id");
        var price = admin().changePrice(ChangePriceRequest.newBuilder()
                        .setVariantId(variant)
                        .setMoney(money(90))
                        .build())
                .getPrice();
        assertThat(price.hasValidTo()).isFalse();

        var request = ReadPricesRequest.newBuilder()
                .setVariantId(variant)
                .setCurrency("EUR")
                .setLimit(1);
        var first = admin().readPrices(request.build());
        assertThat(first.getItems(0)).isEqualTo(price);
        var second = admin().readPrices(request.setCursor(first.getNext()).build());
        assertThat(second.getItems(0).getMoney()).isEqualTo(money(100));
        assertThat(second.getItems(0).getValidTo()).isEqualTo(price.getValidFrom());
        assertThat(refused(() -> admin().changePrice(ChangePriceRequest.newBuilder()
                                .setVariantId(UUID.randomUUID().toString())
                                .setMoney(money(1))
                                .build()))
                        .code())
                .isEqualTo("not-found");
    }

    @Test
    void prices_are_told_as_they_change() {
        var product = createProduct(service, unique("live"), 100);
        var updates = CatalogueServiceGrpc.newBlockingStub(channel)
                .watchPrices(WatchPricesRequest.newBuilder()
                        .setProductId(product.text("/id"))
                        .build());
        assertThat(updates.next())
                .isEqualTo(WatchPricesResponse.newBuilder().setMissed(true).build());

        changePrice(service, product.text("/variants/0/id"), 42);

        var change = updates.next().getChange();
        assertThat(change.getPrice()).isEqualTo(money(42));
        assertThat(change.getSku()).isEqualTo(product.text("/variants/0/sku"));
        assertThat(refused(() -> CatalogueServiceGrpc.newBlockingStub(channel)
                                .watchPrices(WatchPricesRequest.newBuilder()
                                        .setProductId("x")
                                        .build())
                                .next())
                        .code())
                .isEqualTo("invalid-input");
    }

    @Test
    void an_import_tells_how_far_it_is_while_it_is_sent() throws InterruptedException, StatusException {
        var family = unique("import");
        var call = as(CatalogueServiceGrpc.newBlockingV2Stub(channel), "ada", "admin")
                .importProducts();
        for (var i = 0; i < Imports.BATCH; i++) {
            call.write(item(input(family + "-" + i, "Item")));
        }
        var first = call.read();
        assertThat(first.getReceived()).isEqualTo(Imports.BATCH);
        assertThat(first.getCreated()).isEqualTo(Imports.BATCH);
        assertThat(first.getComplete()).isFalse();

        call.write(item(input(family + "-0", "Again")));
        call.write(item(input("No Slug", " ")));
        call.write(item(input(family + "-x", "Wrong").setStatusValue(77)));
        call.halfClose();

        var last = rest(call.read(), call::read).getLast();
        assertThat(last.getComplete()).isTrue();
        assertThat(last.getChanged()).isEqualTo(1);
        assertThat(last.getFailed()).isEqualTo(2);
        assertThat(last.getErrors(0).getItem()).isEqualTo(Imports.BATCH + 2);
        assertThat(last.getErrors(0).getCode()).isEqualTo("invalid-input");
        assertThat(last.getErrors(0).getFieldsList())
                .extracting(proto.dev.slipway.shop.product.v1.FieldError::getField)
                .containsExactly("name", "slug", "variants[0].sku");
        assertThat(last.getErrors(1).getItem()).isEqualTo(Imports.BATCH + 3);
    }

    private interface Reading {
        ImportProductsResponse read() throws InterruptedException, StatusException;
    }

    private static List<ImportProductsResponse> rest(ImportProductsResponse first, Reading reading)
            throws InterruptedException, StatusException {
        var all = new ArrayList<ImportProductsResponse>();
        for (var next = first; next != null; next = reading.read()) {
            all.add(next);
        }
        return all;
    }

    private static ImportProductsRequest item(proto.dev.slipway.shop.product.v1.ProductInput.Builder input) {
        return ImportProductsRequest.newBuilder().setProduct(input).build();
    }

    @Test
    void an_import_is_for_admins() throws InterruptedException {
        var call = as(CatalogueServiceGrpc.newBlockingV2Stub(channel), "joe").importProducts();
        var failure = catchThrowableOfType(StatusException.class, call::read);
        assertThat(failure.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.PERMISSION_DENIED);
    }
}
