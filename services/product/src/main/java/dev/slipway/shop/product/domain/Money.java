package dev.slipway.shop.product.domain;

import jakarta.validation.constraints.NotNull;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Optional;

/// An amount of money.
///
/// @param amount in the currency's smallest unit, for example cents; never negative
/// @param currency an ISO 4217 code
public record Money(long amount, @NotNull String currency) {
    private static final long MOST = 1_000_000_000_000L;

    public Money {
        if (amount < 0 || amount > MOST) {
            throw new IllegalArgumentException("the amount must be between 0 and " + MOST);
        }
        if (known(currency).isEmpty()) {
            throw new IllegalArgumentException("the currency must be a code of ISO 4217");
        }
    }

    /// @throws IllegalArgumentException if the currencies differ: what is less cannot be said then
    public Money lesser(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException(currency + " cannot be compared with " + other.currency);
        }
        return amount <= other.amount ? this : other;
    }

    /// With as many decimals as the currency has, for example `19.90`.
    public String decimal() {
        var decimals = Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
        return BigDecimal.valueOf(amount, decimals).toPlainString();
    }

    private static Optional<Currency> known(String code) {
        try {
            return Optional.of(Currency.getInstance(code));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
