package dev.slipway.shop.product.domain;

import static dev.slipway.shop.product.domain.Described.NOON;
import static dev.slipway.shop.product.domain.Described.accepted;
import static dev.slipway.shop.product.domain.Described.boots;
import static dev.slipway.shop.product.domain.Described.created;
import static dev.slipway.shop.product.domain.Described.ids;
import static dev.slipway.shop.product.domain.Described.money;
import static dev.slipway.shop.product.domain.Described.variant;
import static dev.slipway.shop.product.domain.Product.Status.ACTIVE;
import static dev.slipway.shop.product.domain.Product.Status.DRAFT;
import static dev.slipway.shop.product.domain.Product.Status.RETIRED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.shop.product.domain.Decision.Accepted;
import dev.slipway.shop.product.domain.Decision.AlreadyRetired;
import dev.slipway.shop.product.domain.Decision.Missing;
import dev.slipway.shop.product.domain.Decision.NothingToSell;
import dev.slipway.shop.product.domain.PriceEvent.Begun;
import dev.slipway.shop.product.domain.PriceEvent.Ended;
import dev.slipway.shop.product.domain.Product.Status;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a product allows, and what comes of it.
class ProductTest {
    private static final UUID SOMEBODY_ELSE = new UUID(7, 7);

    /// What was described, with its price changed: a change of more than the status.
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    DRAFT   | -       | Accepted
                    DRAFT   | DRAFT   | Accepted
                    DRAFT   | ACTIVE  | Accepted
                    DRAFT   | RETIRED | Accepted
                    ACTIVE  | -       | Accepted
                    ACTIVE  | DRAFT   | AlreadyPublished
                    ACTIVE  | ACTIVE  | Accepted
                    ACTIVE  | RETIRED | Accepted
                    RETIRED | -       | AlreadyRetired
                    RETIRED | DRAFT   | AlreadyRetired
                    RETIRED | ACTIVE  | AlreadyRetired
                    RETIRED | RETIRED | AlreadyRetired
                    """)
    void a_life_goes_from_draft_to_active_to_retired_and_not_back(
            Status status, @Nullable Status wanted, String outcome) {
        var product = created(boots(status, variant("42", "EUR 100")));

        var decision = product.revise(boots(wanted, variant("42", "EUR 90")), ids(), NOON);

        assertThat(decision.getClass().getSimpleName()).isEqualTo(outcome);
        if (decision instanceof Accepted(var revised)) {
            assertThat(revised.status()).isEqualTo(wanted == null ? status : wanted);
            assertThat(revised.version()).isEqualTo(2);
        }
    }

    @Test
    void a_product_is_a_draft_unless_somebody_says_otherwise() {
        assertThat(created(boots(null)).status()).isEqualTo(DRAFT);
        assertThat(created(boots(ACTIVE, variant("42", "EUR 1"))).status()).isEqualTo(ACTIVE);
    }

    @Test
    void what_is_on_sale_has_a_variant_with_a_price() {
        var draft = created(boots(DRAFT, variant("42")));
        var active = created(boots(ACTIVE, variant("41"), variant("42", "EUR 1")));

        assertThat(Product.create(boots(ACTIVE), ids(), NOON)).isEqualTo(new NothingToSell());
        assertThat(Product.create(boots(ACTIVE, variant("42")), ids(), NOON)).isEqualTo(new NothingToSell());
        assertThat(draft.revise(boots(ACTIVE, variant("42")), ids(), NOON)).isEqualTo(new NothingToSell());
        assertThat(active.revise(boots(null, variant("41")), ids(), NOON)).isEqualTo(new NothingToSell());
        assertThat(active.revise(boots(RETIRED), ids(), NOON)).isInstanceOf(Accepted.class);
    }

    @Test
    void a_retired_product_takes_nothing_but_what_it_is_already() {
        var details = boots(RETIRED, variant("42", "EUR 100"));
        var retired = created(details);
        var variant = retired.variants().getFirst().id();

        assertThat(retired.revise(details, ids(), NOON)).isEqualTo(new Accepted(retired));
        assertThat(retired.reprice(variant, money("EUR 100"), NOON)).isEqualTo(new Accepted(retired));
        assertThat(retired.retire(NOON)).isEqualTo(new Accepted(retired));
        assertThat(retired.reprice(variant, money("EUR 90"), NOON)).isEqualTo(new AlreadyRetired());
        assertThat(retired.reprice(variant, money("USD 100"), NOON)).isEqualTo(new AlreadyRetired());
    }

    @Test
    void what_it_is_already_is_no_change_and_makes_no_version() {
        var details = boots(ACTIVE, variant("41", "EUR 90", "USD 120"), variant("42", "EUR 100"));
        var product = created(details);
        var variant = product.variants().getLast().id();

        assertThat(product.revise(details, ids(), NOON.plusSeconds(1))).isEqualTo(new Accepted(product));
        assertThat(product.revise(
                        boots(null, variant("41", "USD 120", "EUR 90"), variant("42", "EUR 100")),
                        ids(),
                        NOON.plusSeconds(1)))
                .isEqualTo(new Accepted(product));
        assertThat(product.reprice(variant, money("EUR 100"), NOON.plusSeconds(1)))
                .isEqualTo(new Accepted(product));
        assertThat(product.revise(
                        boots(null, variant("42", "EUR 100"), variant("41", "EUR 90", "USD 120")),
                        ids(),
                        NOON.plusSeconds(1)))
                .extracting(decision -> ((Accepted) decision).product().version())
                .isEqualTo(2L);
    }

    @Test
    void a_variant_is_the_same_as_long_as_its_sku_is() {
        var product = created(boots(DRAFT, variant("41"), variant("42")));

        var revised = accepted(product.revise(boots(DRAFT, variant("43"), variant("42")), ids(), NOON));

        assertThat(revised.variants()).extracting(Variant::sku).containsExactly("43", "42");
        assertThat(revised.variants().getLast().id())
                .isEqualTo(product.variants().getLast().id());
        assertThat(product.variants()).doesNotContain(revised.variants().getFirst());
    }

    @Test
    void a_new_price_takes_the_place_of_the_one_in_its_currency() {
        var product = created(boots(ACTIVE, variant("41", "EUR 100"), variant("42", "EUR 100", "USD 120")));
        var variant = product.variants().getLast();

        var repriced = accepted(product.reprice(variant.id(), money("EUR 90"), NOON.plusSeconds(60)));

        assertThat(repriced.variants().getFirst()).isEqualTo(product.variants().getFirst());
        assertThat(repriced.variants().getLast().prices()).containsExactly(money("EUR 90"), money("USD 120"));
        assertThat(repriced.version()).isEqualTo(2);
        assertThat(repriced.updatedAt()).isEqualTo(NOON.plusSeconds(60));
        assertThat(repriced.priceEventsSince(product.variants()))
                .containsExactly(new Ended(variant.id(), money("EUR 100")), new Begun(variant.id(), money("EUR 90")));
    }

    @Test
    void the_same_price_again_changes_nothing() {
        var product = created(boots(ACTIVE, variant("42", "EUR 100")));
        var variant = product.variants().getFirst().id();

        assertThat(product.reprice(variant, money("EUR 100"), NOON)).isEqualTo(new Accepted(product));
        assertThat(product.priceEventsSince(product.variants())).isEmpty();
    }

    @Test
    void a_variant_of_another_product_has_no_price_here() {
        var product = created(boots(ACTIVE, variant("42", "EUR 100")));

        assertThat(product.reprice(SOMEBODY_ELSE, money("EUR 1"), NOON)).isEqualTo(new Missing());
    }

    @Test
    void a_price_that_is_not_named_any_more_ends_and_those_of_a_new_variant_begin() {
        var product = created(boots(DRAFT, variant("42", "EUR 100", "USD 120")));
        var kept = product.variants().getFirst().id();

        var revised =
                accepted(product.revise(boots(DRAFT, variant("42", "EUR 100"), variant("43", "EUR 1")), ids(), NOON));

        assertThat(revised.priceEventsSince(product.variants()))
                .containsExactly(
                        new Ended(kept, money("USD 120")),
                        new Begun(revised.variants().getLast().id(), money("EUR 1")));
        assertThat(product.priceEventsSince(List.of()))
                .containsExactly(new Begun(kept, money("EUR 100")), new Begun(kept, money("USD 120")));
    }

    @Test
    void a_clock_that_is_behind_puts_no_change_before_the_one_that_was_first() {
        var product = created(boots(ACTIVE, variant("42", "EUR 100")));
        var variant = product.variants().getFirst().id();

        var later = accepted(product.reprice(variant, money("EUR 90"), NOON.minusSeconds(5)));

        assertThat(later.updatedAt()).isEqualTo(NOON.plus(1, ChronoUnit.MICROS));
    }

    @Test
    void it_sells_from_the_lowest_price_in_the_first_of_its_currencies() {
        var product = created(boots(DRAFT, variant("41", "USD 10", "EUR 100"), variant("42", "EUR 90")));

        assertThat(product.from()).contains(money("EUR 90"));
        assertThat(created(boots(DRAFT)).from()).isEmpty();
    }
}
