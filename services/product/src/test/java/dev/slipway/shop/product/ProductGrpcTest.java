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
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import proto.dev.slipway.shop.product.v1.CatalogueServiceGrpc;
import proto.dev.slipway.shop.product.v1.ChangePriceRequest;
import proto.dev.slipway.shop.product.v1.ImportProductsRequest;
import proto.dev.slipway.shop.product.v1.ImportProductsResponse;
import proto.dev.slipway.shop.product.v1.ReadPricesRequest;
import proto.dev.slipway.shop.product.v1.Status;
import proto.dev.slipway.shop.product.v1.WatchPricesRequest;
import proto.dev.slipway.shop.product.v1.WatchPricesResponse;

/// What gRPC does otherwise than the other protocols: streams; and the history of prices.
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

        // The first price may be told late.
        var change = Stream.generate(updates::next)
                .map(WatchPricesResponse::getChange)
                .filter(it -> !it.getPrice().equals(money(100)))
                .findFirst()
                .orElseThrow();
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
