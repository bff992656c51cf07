package dev.slipway.shop.product.catalogue.imports;

import static dev.slipway.shop.product.Samples.createProduct;
import static dev.slipway.shop.product.Samples.product;
import static dev.slipway.shop.product.Samples.sku;
import static dev.slipway.shop.product.Samples.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.local.DevelopmentTokens;
import dev.slipway.shop.product.ProductApp;
import dev.slipway.testing.TestService;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Streams of products, on a real database.
@Timeout(60)
class ImportApiTest {

    @RegisterExtension
    static final TestService service = TestService.of(new ProductApp());

    /// Sends lines and answers with the progress, line by line.
    private static List<JsonNode> imported(List<String> lines) throws Exception {
        var token = DevelopmentTokens.token("ada", List.of("admin"), Instant.now());
        var request = HttpRequest.newBuilder(service.address("http").resolve("/v2/imports"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(String.join("\n", lines)))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            var progress = new ArrayList<JsonNode>();
            for (var line : answer.body().lines().toList()) {
                progress.add(new JsonMapper().readTree(line));
            }
            return progress;
        }
    }

    private static void expect(JsonNode progress, int received, int created, int changed, int failed) {
        assertThat(List.of(
                        progress.at("/received").asInt(),
                        progress.at("/created").asInt(),
                        progress.at("/changed").asInt(),
                        progress.at("/failed").asInt()))
                .as(progress.toString())
                .containsExactly(received, created, changed, failed);
    }

    private static List<String> products(String family, int number, long price) {
        return IntStream.range(0, number)
                .mapToObj(i -> product(family + "-" + i, family + " " + i, price))
                .toList();
    }

    @Test
    void every_hundred_items_are_written_and_progress_is_told() throws Exception {
        var family = unique("many");

        var progress = imported(products(family, 250, 100));

        assertThat(progress).hasSize(3);
        expect(progress.get(0), 100, 100, 0, 0);
        expect(progress.get(1), 200, 200, 0, 0);
        expect(progress.get(2), 250, 250, 0, 0);
        assertThat(progress).extracting(it -> it.at("/complete").asBoolean()).containsExactly(false, false, true);
        service.anonymous()
                .get("/v2/products/by-slug/" + family + "-249")
                .expect(200)
                .expectText("/variants/0/prices/0/amount", "100");
    }

    @Test
    void the_same_items_again_change_what_they_created() throws Exception {
        var family = unique("again");
        imported(products(family, 3, 100));
        var variant =
                service.anonymous().get("/v2/products/by-slug/" + family + "-0").text("/variants/0/id");

        expect(imported(products(family, 4, 90)).getLast(), 4, 1, 3, 0);

        service.anonymous()
                .get("/v2/products/by-slug/" + family + "-0")
                .expectText("/version", "2")
                .expectText("/variants/0/id", variant)
                .expectText("/variants/0/prices/0/amount", "90");
    }

    @Test
    void an_import_that_is_repeated_leads_to_the_same_catalogue_with_the_same_versions() throws Exception {
        var family = unique("repeated");
        var products = products(family, 3, 100);
        imported(products);
        var path = "/v2/products/by-slug/" + family + "-0";
        var before = service.anonymous().get(path).expectText("/version", "1").json();

        expect(imported(products).getLast(), 3, 0, 3, 0);

        assertThat(service.anonymous().get(path).json()).isEqualTo(before);
    }

    @Test
    void a_retired_product_may_come_again_as_it_is_and_not_otherwise() throws Exception {
        var slug = unique("old");
        var retired = product(slug, "Old", 1).replace("active", "retired");
        expect(imported(List.of(retired)).getLast(), 1, 1, 0, 0);

        expect(imported(List.of(retired)).getLast(), 1, 0, 1, 0);
        var progress = imported(List.of(product(slug, "Back again", 1))).getLast();

        expect(progress, 1, 0, 0, 1);
        assertThat(progress.at("/errors/0/code").asText()).isEqualTo("already-retired");
    }

    @Test
    void the_last_item_of_a_slug_wins() throws Exception {
        var slug = unique("twice");

        var progress = imported(List.of(product(slug, "First", 1), product(slug, "Last", 2)));

        expect(progress.getLast(), 2, 1, 1, 0);
        service.anonymous().get("/v2/products/by-slug/" + slug).expectText("/name", "Last");
    }

    @Test
    void an_item_may_take_what_an_earlier_one_has_given_up() throws Exception {
        var family = unique("given");
        createProduct(service, family + "-z", 1);
        var giving = product(family + "-z", "Gives", 1).replace(sku(family + "-z"), sku(family + "-new"));
        var taking = product(family + "-a", "Takes", 1).replace(sku(family + "-a"), sku(family + "-z"));

        expect(imported(List.of(giving, taking)).getLast(), 2, 1, 1, 0);

        service.anonymous()
                .get("/v2/products/by-slug/" + family + "-a")
                .expectText("/variants/0/sku", sku(family + "-z"));
    }

    @Test
    void a_wrong_item_is_told_with_its_number_and_does_not_stop_the_others() throws Exception {
        var family = unique("wrong");
        var taken = unique("taken");
        createProduct(service, taken, 1);

        var progress = imported(List.of(
                product(family + "-1", "Well", 1),
                "{\"slug\": \"%s-2\"}".formatted(family),
                "{\"slug\"",
                product(family + "-4", "Thief", 1).replace(sku(family + "-4"), sku(taken)),
                product(family + "-5", "Well", 1).replace("\"status\"", "\"state\""),
                product(family + "-6", "Well", 1)));

        assertThat(progress).hasSize(1);
        expect(progress.getLast(), 6, 2, 0, 4);
        var errors = progress.getLast().at("/errors");
        assertThat(errors).extracting(it -> it.at("/item").asInt()).containsExactly(2, 3, 4, 5);
        assertThat(errors)
                .extracting(it -> it.at("/code").asText())
                .containsExactly("invalid-input", "invalid-input", "sku-taken", "invalid-input");
        assertThat(errors.at("/0/fields/0/field").asText()).isEqualTo("name");
        service.anonymous().get("/v2/products/by-slug/" + family + "-4").expect(404);
        service.anonymous().get("/v2/products/by-slug/" + family + "-6").expect(200);
    }

    @Test
    void an_import_with_too_many_wrong_items_ends_and_keeps_what_was_right() throws Exception {
        var family = unique("broken");
        var lines = new ArrayList<>(products(family, 1, 1));
        lines.addAll(Collections.nCopies(Imports.MOST_ERRORS + 50, "{}"));
        lines.addAll(products(unique("after"), 1, 1));

        var progress = imported(lines);

        assertThat(progress.getLast().at("/code").asText()).isEqualTo("too-many-errors");
        expect(progress.get(progress.size() - 2), Imports.MOST_ERRORS + 2, 1, 0, Imports.MOST_ERRORS + 1);
        service.anonymous().get("/v2/products/by-slug/" + family + "-0").expect(200);
    }

    @Test
    void an_item_that_is_too_large_ends_the_import_with_a_problem() throws Exception {
        var progress = imported(List.of("{\"slug\": \"a\", \"name\": \"" + "x".repeat(2_000_000) + "\"}", "{}"));

        assertThat(progress.getLast().at("/code").asText()).isEqualTo("body-too-large");
    }

    @Test
    void nothing_is_imported_by_an_empty_stream() throws Exception {
        var progress = imported(List.of());

        assertThat(progress).hasSize(1);
        expect(progress.getLast(), 0, 0, 0, 0);
        assertThat(progress.getLast().at("/complete").asBoolean()).isTrue();
    }

    @Test
    void an_import_is_for_admins() {
        service.anonymous().post("/v2/imports", "{}").expectProblem(401, "token-required");
        service.as("sue", "support").post("/v2/imports", "{}").expectProblem(403, "forbidden");
    }

    @Test
    void imports_of_the_same_products_at_once_do_not_hinder_each_other() throws Exception {
        var family = unique("race");
        var there = products(family, 60, 1);
        var back = new ArrayList<>(there);
        Collections.reverse(back);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> imported(there));
            var second = threads.submit(() -> imported(back));

            assertThat(first.get().getLast().at("/failed").asInt()).isZero();
            assertThat(second.get().getLast().at("/failed").asInt()).isZero();
            assertThat(first.get().getLast().at("/created").asInt()
                            + second.get().getLast().at("/created").asInt())
                    .isEqualTo(60);
        }
    }
}
