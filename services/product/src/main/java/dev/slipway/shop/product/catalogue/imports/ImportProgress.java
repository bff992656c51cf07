package dev.slipway.shop.product.catalogue.imports;

import dev.slipway.core.Problem.FieldError;
import java.util.List;

/// How far an import is. What it counts as created or changed is committed.
///
/// @param received items that were read, right or wrong
/// @param changed items whose products were there, also if they were already as the item says
/// @param errors what went wrong since the progress before this
/// @param complete whether this is the last one
public record ImportProgress(
        long received, long created, long changed, long failed, List<ItemError> errors, boolean complete) {

    /// @param item its number; the first has 1
    /// @param code as a single call would be answered, for example `invalid-input` or `sku-taken`
    public record ItemError(long item, String code, String detail, List<FieldError> fields) {
        public ItemError {
            fields = List.copyOf(fields);
        }
    }

    public ImportProgress {
        errors = List.copyOf(errors);
    }
}
