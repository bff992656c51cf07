package dev.slipway.shop.product.domain;

import static dev.slipway.shop.product.domain.Described.NOON;
import static dev.slipway.shop.product.domain.Described.accepted;
import static dev.slipway.shop.product.domain.Described.boots;
import static dev.slipway.shop.product.domain.Described.ids;
import static dev.slipway.shop.product.domain.Described.money;
import static dev.slipway.shop.product.domain.Described.variant;
import static dev.slipway.shop.product.domain.Product.Status.ACTIVE;
import static dev.slipway.shop.product.domain.Product.Status.DRAFT;
import static dev.slipway.shop.product.domain.Product.Status.RETIRED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.shop.product.domain.Decision.Accepted;
import dev.slipway.shop.product.domain.Product.Status;
import dev.slipway.shop.product.domain.ProductDetails.VariantDetails;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds of every product, whatever it is asked for, in whatever order and by whichever clock.
class ProductHistoryTest {
    private static final int COMMANDS = 200;

    private record Line(UUID variant, String currency) {}

    private record Period(
            Money price, Instant from, @Nullable Instant to) {}

    private final Map<Line, List<Period>> history = new HashMap<>();
    private final Set<UUID> used = new HashSet<>();

    static LongStream seeds() {
        return new Random().longs(50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_product_keeps_its_promises(long seed) {
        var random = new Random(seed);
        var ids = ids();
        var product = accepted(Product.create(boots(DRAFT, variants(random)), ids, NOON));
        keep(List.of(), product);
        for (var i = 0; i < COMMANDS; i++) {
            var now = NOON.plusSeconds(random.nextInt(-30, 60 * (i + 1)));
            var chance = random.nextInt(100);
            Decision decision = chance < 30
                    ? product.revise(boots(status(random), variants(random)), ids, now)
                    : chance < 99
                            ? product.reprice(anyVariant(product, random), price(random), now)
                            : product.retire(now);
            if (decision instanceof Accepted(var next)) {
                holds(product, next);
                product = next;
            }
        }
    }

    private void holds(Product before, Product next) {
        assertThat(next.id()).isEqualTo(before.id());
        assertThat(next.status()).isGreaterThanOrEqualTo(before.status());
        if (next.status() == ACTIVE) {
            assertThat(next.variants()).anyMatch(variant -> !variant.prices().isEmpty());
        }
        if (next.equals(before)) {
            return;
        }
        assertThat(before.status()).isNotEqualTo(RETIRED);
        assertThat(next.version()).isEqualTo(before.version() + 1);
        assertThat(next.updatedAt()).isAfter(before.updatedAt());
        keep(before.variants(), next);
    }

    /// Adds what the product says to the history: no price has an empty period or one that begins before another ends, and
    /// what has no end is what the variants cost.
    private void keep(List<Variant> before, Product product) {
        var at = product.updatedAt();
        for (var event : product.priceEventsSince(before)) {
            switch (event) {
                case PriceEvent.Ended(var variant, var price) -> {
                    var last = periods(variant, price).removeLast();
                    assertThat(last.price()).isEqualTo(price);
                    assertThat(last.from()).isBefore(at);
                    assertThat(last.to()).isNull();
                    periods(variant, price).add(new Period(price, last.from(), at));
                }
                case PriceEvent.Begun(var variant, var price) -> {
                    var periods = periods(variant, price);
                    assertThat(periods)
                            .allMatch(period ->
                                    period.to() != null && !period.to().isAfter(at));
                    periods.add(new Period(price, at, null));
                }
            }
        }
        before.stream()
                .filter(old ->
                        product.variants().stream().noneMatch(it -> it.id().equals(old.id())))
                .forEach(gone -> assertThat(open(gone.id())).isEmpty());
        for (var variant : product.variants()) {
            assertThat(open(variant.id())).containsExactlyInAnyOrderElementsOf(variant.prices());
            var old =
                    before.stream().filter(it -> it.sku().equals(variant.sku())).findFirst();
            assertThat(old.map(it -> it.id().equals(variant.id())).orElseGet(() -> used.add(variant.id())))
                    .as("a variant keeps its id, and a new one has a new one")
                    .isTrue();
        }
    }

    private List<Money> open(UUID variant) {
        return history.entrySet().stream()
                .filter(line -> line.getKey().variant().equals(variant))
                .flatMap(line -> line.getValue().stream())
                .filter(period -> period.to() == null)
                .map(Period::price)
                .toList();
    }

    private List<Period> periods(UUID variant, Money price) {
        return history.computeIfAbsent(new Line(variant, price.currency()), line -> new ArrayList<>());
    }

    private static @Nullable Status status(Random random) {
        var chance = random.nextInt(20);
        return chance == 0 ? RETIRED : chance < 5 ? DRAFT : chance < 12 ? ACTIVE : null;
    }

    private static VariantDetails[] variants(Random random) {
        return IntStream.range(0, 4)
                .filter(i -> random.nextInt(3) > 0)
                .mapToObj(i -> switch (random.nextInt(3)) {
                    case 0 -> variant("V" + i);
                    case 1 -> variant("V" + i, euros(random));
                    default -> variant("V" + i, euros(random), "USD 1");
                })
                .toArray(VariantDetails[]::new);
    }

    private static String euros(Random random) {
        return "EUR " + random.nextInt(3);
    }

    private static Money price(Random random) {
        return money(random.nextBoolean() ? euros(random) : "USD " + random.nextInt(3));
    }

    private static UUID anyVariant(Product product, Random random) {
        return product.variants().isEmpty()
                ? new UUID(0, 0)
                : product.variants()
                        .get(random.nextInt(product.variants().size()))
                        .id();
    }
}
