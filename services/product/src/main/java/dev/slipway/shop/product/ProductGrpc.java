package dev.slipway.shop.product;

import dev.slipway.grpc.GrpcService;
import dev.slipway.shop.product.catalogue.CatalogueOperations;
import dev.slipway.shop.product.catalogue.imports.ImportOperations;
import dev.slipway.shop.product.price.PriceOperations;
import proto.dev.slipway.shop.product.v1.CatalogueServiceGrpc;

/// All slices by gRPC, as the one service in `api/proto` says.
final class ProductGrpc {
    private ProductGrpc() {}

    static GrpcService of(CatalogueOperations catalogue, PriceOperations prices, ImportOperations imports) {
        return GrpcService.of(CatalogueServiceGrpc.getServiceDescriptor())
                .operations(catalogue.create, catalogue.read, catalogue.readBySlug, catalogue.list)
                .operations(catalogue.review, catalogue.reviewAll)
                .operations(catalogue.change, catalogue.retire)
                .operations(prices.change, prices.read)
                .streams(prices.watch, imports.run)
                .name("ChangePriceRequest.variant_id", "id")
                .name("ReadPricesRequest.variant_id", "id")
                .name("WatchPricesRequest.product_id", "product");
    }
}
