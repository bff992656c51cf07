package dev.slipway.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceTest {

    @ParameterizedTest
    @CsvSource({
        "Reward,rewards",
        "Category,categories",
        "Box,boxes",
        "Batch,batches",
        "Address,addresses",
        "Day,days",
        "GiftCard,gift cards",
        "Status,statuses",
        "Wish,wishes",
        "Person:people,people",
        "Person:People,people",
        "SalesPerson:SalesPeople,sales people",
        "Series:SeriesList,series list",
        "Series,all series",
        "TimeSeries,all time series",
        "News,all news",
        "Analysis,analyses",
        "Person,people",
        "Salesman,salesmen",
        "Human,humans",
        "Shelf,shelves",
        "Lens,lenses",
        "Quiz,quizzes",
        "Item2,item2s"
    })
    void the_plural_is_english_or_given(String text, String plural) {
        assertThat(Resource.of(text).many().spaced()).isEqualTo(plural);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reward       | not a name in Pascal case
            giftCard     | not a name in Pascal case
            Gift-Card    | not a name in Pascal case
            Gift Card    | not a name in Pascal case
            XMLFile      | not a name in Pascal case
            A            | not a name in Pascal case
            Überraschung | not a name in Pascal case
            ''           | not a name in Pascal case
            Abcdefghijklmnopqrstuvwxyzabcdefghijklmnop | not a name in Pascal case
            Person:      | cannot be the plural
            Person:Person | cannot be the plural
            Person:pe ople | cannot be the plural
            Rewards      | looks like a plural
            Categories   | looks like a plural
            Boxes        | looks like a plural
            """)
    void what_is_no_name_is_refused(String text, String why) {
        assertThat(Fixtures.problems(() -> Resource.of(text)))
                .singleElement()
                .asString()
                .contains(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Order",
                "User",
                "Case",
                "Class",
                "Object",
                "OrderItem",
                "UserAccount",
                "GiftCard",
                "Analysis:Analyses",
                "News:NewsItems"
            })
    void words_that_are_harmless_together_are_accepted(String text) {
        assertThat(Resource.of(text)).hasToString(Resource.of(text).toString());
    }
}
