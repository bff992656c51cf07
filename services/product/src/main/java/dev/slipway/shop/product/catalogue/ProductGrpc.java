package dev.slipway.shop.product.catalogue;

import dev.slipway.grpc.Arguments;
import dev.slipway.grpc.GrpcService;
import dev.slipway.grpc.Messages;
import dev.slipway.operation.Nothing;
import dev.slipway.operation.Page;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import proto.dev.slipway.shop.product.v1.CatalogueServiceGrpc;
import proto.dev.slipway.shop.product.v1.ChangePriceResponse;
import proto.dev.slipway.shop.product.v1.ChangeProductRequest;
import proto.dev.slipway.shop.product.v1.ChangeProductResponse;
import proto.dev.slipway.shop.product.v1.CreateProductResponse;
import proto.dev.slipway.shop.product.v1.FieldError;
import proto.dev.slipway.shop.product.v1.ImportProductsResponse;
import proto.dev.slipway.shop.product.v1.ItemError;
import proto.dev.slipway.shop.product.v1.ListProductsRequest;
import proto.dev.slipway.shop.product.v1.ListProductsResponse;
import proto.dev.slipway.shop.product.v1.ReadPricesRequest;
import proto.dev.slipway.shop.product.v1.ReadPricesResponse;
import proto.dev.slipway.shop.product.v1.ReadProductBySlugResponse;
import proto.dev.slipway.shop.product.v1.ReadProductResponse;
import proto.dev.slipway.shop.product.v1.RetireProductRequest;
import proto.dev.slipway.shop.product.v1.RetireProductResponse;
import proto.dev.slipway.shop.product.v1.ReviewProductResponse;
import proto.dev.slipway.shop.product.v1.ReviewProductsRequest;
import proto.dev.slipway.shop.product.v1.ReviewProductsResponse;
import proto.dev.slipway.shop.product.v1.Sort;
import proto.dev.slipway.shop.product.v1.Status;
import proto.dev.slipway.shop.product.v1.WatchPricesRequest;
import proto.dev.slipway.shop.product.v1.WatchPricesResponse;

/// The catalogue by gRPC, as `api/proto` says.
public final class ProductGrpc {
    private ProductGrpc() {}

    public static GrpcService of(ProductOperations catalogue) {
        return streams(
                writes(reads(GrpcService.of(CatalogueServiceGrpc.getServiceDescriptor()), catalogue), catalogue),
                catalogue);
    }

    private static GrpcService reads(GrpcService service, ProductOperations catalogue) {
        return service.unary(
                        CatalogueServiceGrpc.getReadProductMethod(),
                        catalogue.read(),
                        request -> Arguments.on("id", request.getId()),
                        done -> ReadProductResponse.newBuilder()
                                .setProduct(message(done.value()))
                                .build())
                .unary(
                        CatalogueServiceGrpc.getReadProductBySlugMethod(),
                        catalogue.readBySlug(),
                        request -> Arguments.on("slug", request.getSlug()),
                        done -> ReadProductBySlugResponse.newBuilder()
                                .setProduct(message(done.value()))
                                .build())
                .unary(
                        CatalogueServiceGrpc.getListProductsMethod(),
                        catalogue.list(),
                        request -> Arguments.none().input(() -> query(request)),
                        done -> list(done.value()))
                .unary(
                        CatalogueServiceGrpc.getReviewProductMethod(),
                        catalogue.review(),
                        request -> Arguments.on("id", request.getId()),
                        done -> ReviewProductResponse.newBuilder()
                                .setProduct(message(done.value()))
                                .build())
                .unary(
                        CatalogueServiceGrpc.getReviewProductsMethod(),
                        catalogue.reviewAll(),
                        request -> Arguments.none().input(() -> query(request)),
                        done -> review(done.value()))
                .unary(
                        CatalogueServiceGrpc.getReadPricesMethod(),
                        catalogue.readPrices(),
                        request -> Arguments.on("id", request.getVariantId()).input(() -> query(request)),
                        done -> prices(done.value()));
    }

    private static GrpcService writes(GrpcService service, ProductOperations catalogue) {
        return service.unary(
                        CatalogueServiceGrpc.getCreateProductMethod(),
                        catalogue.create(),
                        request -> Arguments.none().input(() -> input(request.getProduct())),
                        done -> CreateProductResponse.newBuilder()
                                .setProduct(message(done.value()))
                                .build())
                .unary(
                        CatalogueServiceGrpc.getChangeProductMethod(),
                        catalogue.change(),
                        ProductGrpc::change,
                        done -> ChangeProductResponse.newBuilder()
                                .setProduct(message(done.value()))
                                .build())
                .unary(
                        CatalogueServiceGrpc.getRetireProductMethod(),
                        catalogue.retire(),
                        ProductGrpc::retire,
                        done -> RetireProductResponse.newBuilder()
                                .setProduct(message(done.value()))
                                .build())
                .unary(
                        CatalogueServiceGrpc.getChangePriceMethod(),
                        catalogue.changePrice(),
                        request -> Arguments.on("id", request.getVariantId()).input(() -> money(request.getMoney())),
                        done -> ChangePriceResponse.newBuilder()
                                .setPrice(message(done.value()))
                                .build());
    }

    private static GrpcService streams(GrpcService service, ProductOperations catalogue) {
        return service.serverStreaming(
                        CatalogueServiceGrpc.getWatchPricesMethod(),
                        catalogue.watchPrices(),
                        request -> Arguments.none().input(() -> watched(request)),
                        ProductGrpc::message)
                .bidirectional(
                        CatalogueServiceGrpc.getImportProductsMethod(),
                        catalogue.importProducts(),
                        request -> input(request.getProduct()),
                        ProductGrpc::message);
    }

    private static Arguments<ProductInput> change(ChangeProductRequest request) {
        var arguments = Arguments.on("id", request.getId()).input(() -> input(request.getProduct()));
        return request.hasExpectedVersion() ? arguments.version(request.getExpectedVersion()) : arguments;
    }

    private static Arguments<Nothing> retire(RetireProductRequest request) {
        var arguments = Arguments.on("id", request.getId());
        return request.hasExpectedVersion() ? arguments.version(request.getExpectedVersion()) : arguments;
    }

    private static ProductInput input(proto.dev.slipway.shop.product.v1.ProductInput input) {
        return new ProductInput(
                input.getSlug(),
                input.getName(),
                input.hasDescription() ? input.getDescription() : null,
                status(input.getStatus()),
                Messages.each("variants", input.getVariantsList(), ProductGrpc::input));
    }

    private static VariantInput input(proto.dev.slipway.shop.product.v1.VariantInput input) {
        return new VariantInput(
                input.getSku(),
                input.getName(),
                input.getAttributesList().stream()
                        .map(attribute -> new Attribute(attribute.getName(), attribute.getValue()))
                        .toList(),
                Messages.each("prices", input.getPricesList(), ProductGrpc::money));
    }

    private static Money money(proto.dev.slipway.shop.product.v1.Money money) {
        return new Money(money.getAmount(), money.getCurrency());
    }

    private static ListProducts.Query query(ListProductsRequest request) {
        return new ListProducts.Query(
                request.hasSearch() ? request.getSearch() : null,
                request.hasCurrency() ? request.getCurrency() : null,
                request.hasMinPrice() ? request.getMinPrice() : null,
                request.hasMaxPrice() ? request.getMaxPrice() : null,
                sort(request.getSort()),
                request.hasLimit() ? request.getLimit() : null,
                request.hasCursor() ? request.getCursor() : null);
    }

    private static ListProducts.StaffQuery query(ReviewProductsRequest request) {
        return new ListProducts.StaffQuery(
                status(request.getStatus()),
                request.hasSearch() ? request.getSearch() : null,
                sort(request.getSort()),
                request.hasLimit() ? request.getLimit() : null,
                request.hasCursor() ? request.getCursor() : null);
    }

    private static ReadPrices.PriceQuery query(ReadPricesRequest request) {
        return new ReadPrices.PriceQuery(
                request.hasCurrency() ? request.getCurrency() : null,
                request.hasLimit() ? request.getLimit() : null,
                request.hasCursor() ? request.getCursor() : null);
    }

    private static WatchPrices.Watched watched(WatchPricesRequest request) {
        return new WatchPrices.Watched(request.hasProductId() ? UUID.fromString(request.getProductId()) : null);
    }

    private static Product.@Nullable Status status(Status status) {
        return switch (status) {
            case STATUS_UNSPECIFIED -> null;
            case STATUS_DRAFT -> Product.Status.DRAFT;
            case STATUS_ACTIVE -> Product.Status.ACTIVE;
            case STATUS_RETIRED -> Product.Status.RETIRED;
            case UNRECOGNIZED -> throw new IllegalArgumentException("that status is not known here");
        };
    }

    private static @Nullable ProductSort sort(Sort sort) {
        return switch (sort) {
            case SORT_UNSPECIFIED -> null;
            case SORT_NAME -> ProductSort.NAME;
            case SORT_NAME_DESCENDING -> ProductSort.NAME_DESCENDING;
            case SORT_CREATED -> ProductSort.CREATED;
            case SORT_CREATED_DESCENDING -> ProductSort.CREATED_DESCENDING;
            case UNRECOGNIZED -> throw new IllegalArgumentException("that order is not known here");
        };
    }

    private static ListProductsResponse list(Page<Product> page) {
        var response = ListProductsResponse.newBuilder().addAllItems(messages(page));
        page.next().ifPresent(response::setNext);
        return response.build();
    }

    private static ReviewProductsResponse review(Page<Product> page) {
        var response = ReviewProductsResponse.newBuilder().addAllItems(messages(page));
        page.next().ifPresent(response::setNext);
        return response.build();
    }

    private static List<proto.dev.slipway.shop.product.v1.Product> messages(Page<Product> page) {
        return page.items().stream().map(ProductGrpc::message).toList();
    }

    private static ReadPricesResponse prices(Page<Price> page) {
        var response = ReadPricesResponse.newBuilder();
        page.items().forEach(price -> response.addItems(message(price)));
        page.next().ifPresent(response::setNext);
        return response.build();
    }

    private static proto.dev.slipway.shop.product.v1.Product message(Product product) {
        return proto.dev.slipway.shop.product.v1.Product.newBuilder()
                .setId(product.id().toString())
                .setSlug(product.slug())
                .setName(product.name())
                .setDescription(product.description())
                .setStatus(
                        switch (product.status()) {
                            case DRAFT -> Status.STATUS_DRAFT;
                            case ACTIVE -> Status.STATUS_ACTIVE;
                            case RETIRED -> Status.STATUS_RETIRED;
                        })
                .addAllVariants(
                        product.variants().stream().map(ProductGrpc::message).toList())
                .setVersion(product.version())
                .setCreatedAt(Messages.timestamp(product.createdAt()))
                .setUpdatedAt(Messages.timestamp(product.updatedAt()))
                .build();
    }

    private static proto.dev.slipway.shop.product.v1.Variant message(Variant variant) {
        var message = proto.dev.slipway.shop.product.v1.Variant.newBuilder()
                .setId(variant.id().toString())
                .setSku(variant.sku())
                .setName(variant.name());
        variant.attributes()
                .forEach(attribute ->
                        message.addAttributesBuilder().setName(attribute.name()).setValue(attribute.value()));
        variant.prices().forEach(price -> message.addPrices(message(price)));
        return message.build();
    }

    private static proto.dev.slipway.shop.product.v1.Money message(Money money) {
        return proto.dev.slipway.shop.product.v1.Money.newBuilder()
                .setAmount(money.amount())
                .setCurrency(money.currency())
                .build();
    }

    private static proto.dev.slipway.shop.product.v1.Price message(Price price) {
        var message = proto.dev.slipway.shop.product.v1.Price.newBuilder()
                .setId(price.id())
                .setVariantId(price.variantId().toString())
                .setMoney(message(price.money()))
                .setValidFrom(Messages.timestamp(price.validFrom()));
        var end = price.validTo();
        if (end != null) {
            message.setValidTo(Messages.timestamp(end));
        }
        return message.build();
    }

    private static WatchPricesResponse message(PriceUpdate update) {
        var message = WatchPricesResponse.newBuilder().setMissed(update.missed());
        var change = update.change();
        if (change != null) {
            message.setChange(proto.dev.slipway.shop.product.v1.PriceChange.newBuilder()
                    .setProductId(change.productId().toString())
                    .setVariantId(change.variantId().toString())
                    .setSku(change.sku())
                    .setPrice(message(change.price()))
                    .setValidFrom(Messages.timestamp(change.validFrom())));
        }
        return message.build();
    }

    private static ImportProductsResponse message(ImportProgress progress) {
        var message = ImportProductsResponse.newBuilder()
                .setReceived(progress.received())
                .setCreated(progress.created())
                .setChanged(progress.changed())
                .setFailed(progress.failed())
                .setComplete(progress.complete());
        progress.errors().forEach(error -> message.addErrors(message(error)));
        return message.build();
    }

    private static ItemError message(ImportProgress.ItemError error) {
        var message = ItemError.newBuilder()
                .setItem(error.item())
                .setCode(error.code())
                .setDetail(error.detail());
        error.fields()
                .forEach(field -> message.addFields(FieldError.newBuilder()
                        .setField(field.field())
                        .setCode(field.code())
                        .setMessage(field.message())));
        return message.build();
    }
}
