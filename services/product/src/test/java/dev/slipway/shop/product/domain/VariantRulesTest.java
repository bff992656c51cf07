package dev.slipway.shop.product.domain;

import static dev.slipway.shop.product.domain.Described.boots;
import static dev.slipway.shop.product.domain.Described.variant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.slipway.shop.product.domain.ProductDetails.VariantDetails;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What holds of the variants that somebody describes.
class VariantRulesTest {

    /// @param attributes for example `size 42`
    private static VariantDetails described(String sku, String... attributes) {
        return new VariantDetails(
                sku,
                "Boots",
                Arrays.stream(attributes)
                        .map(text -> new Attribute(text.split(" ")[0], text.split(" ")[1]))
                        .toList(),
                List.of());
    }

    private static void refused(String rule, ThrowingCallable description) {
        assertThatIllegalArgumentException().isThrownBy(description).withMessage(rule);
    }

    @Test
    void a_sku_stands_for_one_variant() {
        refused("must have one variant for each sku", () -> boots(null, described("A", "size 41"), described("A")));
    }

    @Test
    void variants_differ_in_their_attributes_in_whatever_order() {
        var rule = "must have variants that differ in their attributes";

        refused(rule, () -> boots(null, described("A", "size 42"), described("B", "size 42")));
        refused(
                rule,
                () -> boots(null, described("A", "size 42", "colour red"), described("B", "colour red", "size 42")));
    }

    @Test
    void variants_may_have_some_attributes_in_common_or_none_at_all() {
        var details = boots(
                null,
                described("A", "size 42", "colour red"),
                described("B", "size 42", "colour blue"),
                described("C", "size 42"),
                described("D"),
                described("E"));

        assertThat(details.variants()).hasSize(5);
    }

    @Test
    void an_attribute_has_one_value() {
        refused("must have one value for each attribute", () -> described("A", "size 41", "size 42"));
    }

    @Test
    void a_variant_has_one_price_in_each_currency() {
        refused("must have one price for each currency", () -> variant("A", "EUR 1", "EUR 2"));
        assertThat(variant("A", "USD 1", "EUR 1").prices())
                .extracting(Money::currency)
                .containsExactly("EUR", "USD");
    }
}
