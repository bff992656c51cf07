package dev.slipway.shop.product.domain;

import static dev.slipway.shop.product.domain.Described.money;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
                    EUR,  1990, 19.90
                    EUR,     5,  0.05
                    JPY,  1990, 1990
                    KWD,  1990, 1.990
                    EUR,     0, 0.00
                    """)
    void an_amount_has_as_many_decimals_as_its_currency(String currency, long amount, String decimal) {
        assertThat(new Money(amount, currency).decimal()).isEqualTo(decimal);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    -1,             EUR
                    1000000000001,  EUR
                    1,              ZZZ
                    1,              eur
                    """)
    void an_amount_is_not_negative_nor_beyond_measure_and_its_currency_is_known(long amount, String currency) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Money(amount, currency));
    }

    @Test
    void only_amounts_of_one_currency_are_compared() {
        assertThat(money("EUR 2").lesser(money("EUR 1"))).isEqualTo(money("EUR 1"));
        assertThat(money("EUR 1").lesser(money("EUR 2"))).isEqualTo(money("EUR 1"));
        assertThatIllegalArgumentException().isThrownBy(() -> money("EUR 1").lesser(money("USD 2")));
    }
}
