package dev.slipway.shop.product.catalogue;

import dev.slipway.grpc.GrpcService;
import proto.dev.slipway.shop.product.v1.CatalogueServiceGrpc;

/// The catalogue by gRPC, as `api/proto` says.
public final class ProductGrpc {
    private ProductGrpc() {}

    public static GrpcService of(ProductOperations catalogue) {
        return GrpcService.of(CatalogueServiceGrpc.getServiceDescriptor())
                .operations(catalogue.create(), catalogue.read(), catalogue.readBySlug(), catalogue.list())
                .operations(catalogue.review(), catalogue.reviewAll())
                .operations(catalogue.change(), catalogue.retire())
                .operations(catalogue.changePrice(), catalogue.readPrices())
                .streams(catalogue.watchPrices(), catalogue.importProducts())
                .name("ChangePriceRequest.variant_id", "id")
                .name("ReadPricesRequest.variant_id", "id")
                .name("WatchPricesRequest.product_id", "product");
    }
}
