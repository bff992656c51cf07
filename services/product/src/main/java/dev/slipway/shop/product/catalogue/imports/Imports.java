package dev.slipway.shop.product.catalogue.imports;

import dev.slipway.core.Problem;
import dev.slipway.core.Problem.Kind;
import dev.slipway.core.ProblemException;
import dev.slipway.operation.Emitter;
import dev.slipway.operation.Items;
import dev.slipway.postgres.Database;
import dev.slipway.postgres.Sql;
import dev.slipway.postgres.Transaction;
import dev.slipway.shop.product.catalogue.CatalogueRefusals;
import dev.slipway.shop.product.catalogue.ProductInput;
import dev.slipway.shop.product.domain.Decision.Accepted;
import dev.slipway.shop.product.domain.Decision.Refusal;
import dev.slipway.shop.product.postgres.Products;
import dev.slipway.shop.product.postgres.Products.Created;
import dev.slipway.shop.product.postgres.Products.Revised;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Brings many products into the catalogue, in transactions of [#BATCH]. Thread-safe.
///
/// Each item is a whole product: the one with its slug is created, or changed to what the item says. The same items
/// again therefore lead to the same catalogue, and an import that broke off is repeated as a whole. An item that is
/// wrong is told with its number and changes nothing; the others go on, until more than [#MOST_ERRORS] were wrong.
public final class Imports {
    public static final int BATCH = 100;
    static final int MOST_ERRORS = 100;

    /// How often a batch is tried that lost against another transaction.
    private static final int ATTEMPTS = 5;

    private static final Problem TOO_MANY_ERRORS = Problem.of(
            Kind.UNPROCESSABLE, "too-many-errors", "More than " + MOST_ERRORS + " items were wrong; the import ended.");

    private final Database database;
    private final Products products;

    private record Numbered(long number, ProductInput product) {}

    private record Result(long number, Products.Put outcome) {}

    public Imports(Database database, Products products) {
        this.database = database;
        this.products = products;
    }

    void run(Items<ProductInput> items, Emitter<ImportProgress> out) throws InterruptedException {
        new Run(items, out).toTheEnd();
    }

    /// One import, on one thread.
    private final class Run {
        private final Items<ProductInput> items;
        private final Emitter<ImportProgress> out;
        private final List<Numbered> batch = new ArrayList<>();
        private final List<ImportProgress.ItemError> errors = new ArrayList<>();
        private long received;
        private long created;
        private long changed;
        private long failed;

        Run(Items<ProductInput> items, Emitter<ImportProgress> out) {
            this.items = items;
            this.out = out;
        }

        void toTheEnd() throws InterruptedException {
            while (next()) {
                if (received % BATCH == 0) {
                    write();
                    out.send(progress(false));
                }
                if (failed > MOST_ERRORS) {
                    write();
                    out.send(progress(true));
                    throw TOO_MANY_ERRORS.asException();
                }
            }
            write();
            out.send(progress(true));
        }

        /// Reads one item.
        private boolean next() throws InterruptedException {
            try {
                var item = items.next();
                if (item.isEmpty()) {
                    return false;
                }
                batch.add(new Numbered(++received, item.get()));
            } catch (ProblemException e) {
                if (e.problem().kind() != Kind.INVALID) {
                    throw e;
                }
                failure(++received, e.problem());
            }
            return true;
        }

        /// In the order in which they came, because one may take what another has given up.
        private void write() {
            var slugs = batch.stream().map(item -> item.product().slug()).toList();
            var results = database.write(Transaction.required().repeatable(ATTEMPTS), sql -> {
                lock(sql, slugs);
                return batch.stream()
                        .map(item -> new Result(
                                item.number(), products.put(item.product().details())))
                        .toList();
            });
            batch.clear();
            for (var result : results) {
                switch (result.outcome()) {
                    case Created(Accepted _) -> created++;
                    case Revised(Accepted _) -> changed++;
                    case Created(Refusal why) -> failure(result.number(), CatalogueRefusals.of(why));
                    case Revised(Refusal why) -> failure(result.number(), CatalogueRefusals.of(why));
                }
            }
        }

        /// All at once and in one order, so that two imports do not wait for each other in a circle. What is not there
        /// yet has no row that could be locked.
        private static void lock(Sql sql, List<String> slugs) {
            sql.query("""
                            select pg_advisory_xact_lock(key) from (
                                select distinct hashtextextended(slug, 0) as key
                                from unnest(:slugs::text[]) as slug order by key) ordered
                            """).bind("slugs", slugs).map(row -> true).list();
        }

        private void failure(long number, Problem problem) {
            failed++;
            errors.add(new ImportProgress.ItemError(number, problem.code(), problem.detail(), problem.fields()));
        }

        private ImportProgress progress(boolean complete) {
            errors.sort(Comparator.comparingLong(ImportProgress.ItemError::item));
            var progress = new ImportProgress(received, created, changed, failed, errors, complete);
            errors.clear();
            return progress;
        }
    }
}
