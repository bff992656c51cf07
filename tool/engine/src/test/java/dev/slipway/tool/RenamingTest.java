package dev.slipway.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenamingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Widget createWidget(UUID widgetId)           | GiftCard createGiftCard(UUID giftCardId)
            var widgets = createdWidgets + widget1;      | var giftCards = createdGiftCards + giftCard1;
            WidgetsApiTest WIDGET_ID MAX_WIDGETS         | GiftCardsApiTest GIFT_CARD_ID MAX_GIFT_CARDS
            void a_widget_is_made_of_widgets()           | void a_gift_card_is_made_of_gift_cards()
            path("/v1/widgets/{widgetId}")               | path("/v1/gift-cards/{giftCardId}")
            path("widgets/new")                          | path("gift-cards/new")
            code("widget-not-found")                     | code("gift-card-not-found")
            event("widget.created")                      | event("gift-card.created")
            may("widgets:read")                          | may("gift-cards:read")
            bind("widget", widget)                       | bind("giftCard", giftCard)
            "select * from widgets"                      | "select * from gift_cards"
            " from widgets w"                            | " from gift_cards w"
            "SELECT 1 FROM widgets WHERE widget_id = 1"  | "SELECT 1 FROM gift_cards WHERE gift_card_id = 1"
            "update widgets set name = :widget"          | "update gift_cards set name = :giftCard"
            "select id::widget from widgets"             | "select id::gift_card from gift_cards"
            "Create a widget"                            | "Create a gift card"
            "Delete all widgets from the widget store"   | "Delete all gift cards from the gift card store"
            "Widget not found"                           | "Gift card not found"
            "Widgets"                                    | "GiftCards"
            "{\\"widget\\": \\"a widget\\"}"             | "{\\"giftCard\\": \\"a gift card\\"}"
            "{ widget(id: 1) { name } }"                 | "{ giftCard(id: 1) { name } }"
            "mutation { add { ... on Widget { id } } }"  | "mutation { add { ... on GiftCard { id } } }"
            at("/data/widgets/0/name")                   | at("/data/giftCards/0/name")
            " } ... on Widget { id widget }"             | " } ... on GiftCard { id giftCard }"
            // a widget, by `widgetId` of [Widget]       | // a gift card, by `giftCardId` of [GiftCard]
            // Widgets are few                           | // Gift cards are few
            widgets--; x = a /widget/ b;                 | giftCards--; x = a /giftCard/ b;
            widgeting Widgetry swidget WIDGETX           | widgeting Widgetry swidget WIDGETX
            """)
    void a_name_of_several_words_is_written_as_its_place_in_java_asks(String from, String to) {
        assertThat(Fixtures.renamed("A.java", from, "GiftCard")).isEqualTo(to);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a.md   | The widgets, `widget`, [x](docs/widget.md)  | The gift cards, `giftCard`, [x](docs/gift-card.md)
            a.md   | # Widgets                                   | # Gift cards
            a.sql  | create table widgets (id uuid); -- a widget | create table gift_cards (id uuid); -- a gift card
            a.json | "summary": "List widgets", "widgets": []    | "summary": "List gift cards", "giftCards": []
            a.yaml | topic: shop.widgets # a widget's            | topic: shop.gift-cards # a gift card's
            a.yaml | description: all widgets of a tenant        | description: all gift cards of a tenant
            a.yaml | - /v1/widgets                               | - /v1/gift-cards
            a.xml  | <name>The widget service</name>             | <name>The gift card service</name>
            run    | for widget in $widgets; do # every widget   | for giftCard in $giftCards; do # every gift card
            run    | echo "a widget is made"                     | echo "a gift card is made"
            """)
    void other_files_have_their_own_places(String file, String from, String to) {
        assertThat(Fixtures.renamed(file, from, "GiftCard")).isEqualTo(to);
    }

    @Test
    void sql_in_a_text_block_and_in_a_marked_fence_is_sql() {
        assertThat(Fixtures.renamed(
                        "A.java", "x(\"\"\"\n  select * from widgets\n  where widgets.id = 1\"\"\")", "GiftCard"))
                .isEqualTo("x(\"\"\"\n  select * from gift_cards\n  where gift_cards.id = 1\"\"\")");
        assertThat(Fixtures.renamed("a.md", "```sql\nselect * from widgets\n```\nwidgets", "GiftCard"))
                .isEqualTo("```sql\nselect * from gift_cards\n```\ngift cards");
    }

    @Test
    void an_article_is_kept_right() {
        assertThat(Fixtures.renamed("a.md", "A widget, a widget; beta widget", "Invoice"))
                .isEqualTo("An invoice, an invoice; beta invoice");
        assertThat(Fixtures.renamed("A.java", "void a_widget_is_made() {}", "OrderItem"))
                .isEqualTo("void an_order_item_is_made() {}");
        assertThat(Fixtures.renamed("a.md", "a widget", "Unit")).isEqualTo("a unit");
    }

    @Test
    void an_irregular_plural_is_written_where_the_plural_stands() {
        assertThat(Fixtures.renamed("A.java", "List<Widget> widgets = all(\"/widgets\");", "Person:people"))
                .isEqualTo("List<Person> people = all(\"/people\");");
    }

    @Test
    void the_package_moves_and_words_behind_it_stay_legal_packages() {
        var source =
                "import dev.slipway.template.tiny.widget.Widget;\nString f = \"dev/slipway/template/tiny/widgets/a\";\n";
        assertThat(Fixtures.renamed("A.java", source, "GiftCard"))
                .isEqualTo(
                        "import com.acme.giftshop.giftcard.GiftCard;\nString f = \"com/acme/giftshop/giftcards/a\";\n");
    }

    @Test
    void a_file_below_the_package_has_the_name_that_it_has_elsewhere() {
        assertThat(Fixtures.renamed(
                        "A.java", "load(\"/dev/slipway/template/tiny/graphql/widgets.graphqls\")", "GiftCard"))
                .isEqualTo("load(\"/com/acme/giftshop/graphql/gift-cards.graphqls\")");
        assertThat(Fixtures.renamed("A.java", "// see api/graphql/widgets.graphqls", "GiftCard"))
                .isEqualTo("// see api/graphql/gift-cards.graphqls");
    }

    @Test
    void identity_is_renamed_on_boundaries_only_and_the_longest_first() {
        assertThat(Fixtures.renamed(
                        "a.txt",
                        "dev.slipway.template.tiny dev.slipway.template dev.slipway.templates tiny-service TinyApp"
                                + " TinyAppTest TinyApple TINY_SERVICE_PORT tiny-services dev.slipway.web",
                        "Gift"))
                .isEqualTo("com.acme.giftshop com.acme dev.slipway.templates gift-shop GiftShopApp"
                        + " GiftShopAppTest TinyApple GIFT_SHOP_PORT tiny-services dev.slipway.web");
    }

    @Test
    void what_was_written_is_not_read_again() {
        var bundle = Fixtures.withWidget(Map.of("A.java", "widgets Widget tiny-service"));
        var answers = Answers.of(bundle, Fixtures.request("tiny-service-widget", "WidgetWidget"));
        assertThat(Fixtures.file(Renderer.render(bundle, answers), "A.java").content())
                .hasToString("widgetWidgets WidgetWidget tiny-service-widget");
    }

    @Test
    void without_a_resource_in_the_answers_the_example_stays() {
        var bundle = Fixtures.withWidget(Map.of("a/Widgets.java", "class Widgets {}"));
        assertThat(Renderer.render(bundle, Answers.of(bundle, Request.named("gift-shop")))
                        .paths())
                .containsExactly("a/Widgets.java");
    }

    @Test
    void every_form_of_a_random_name_keeps_its_words_in_order() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            var name = randomName(random);
            var bundle = Fixtures.withWidget(Map.of("A.java", "Widget widget WIDGET widget_x \"/widget\""));
            var words = Words.ofPascal(name);
            var text = Fixtures.file(
                            Renderer.render(bundle, Answers.of(bundle, Fixtures.request("shop", name))), "A.java")
                    .content()
                    .toString();
            assertThat(text.split(" "))
                    .as("seed %d, name %s", seed, name)
                    .containsExactly(
                            name,
                            words.camel(),
                            words.upperSnake(),
                            words.snake() + "_x",
                            "\"/" + words.kebab() + "\"");
            assertThat(text.toLowerCase(Locale.ROOT).replaceAll("[^a-z ]", "").split(" "))
                    .as("seed %d, name %s", seed, name)
                    .allMatch(form -> form.startsWith(String.join("", words.list())));
        }
    }

    private static String randomName(Random random) {
        var name = new StringBuilder();
        for (int word = 0; word < 1 + random.nextInt(3); word++) {
            name.append((char) ('A' + random.nextInt(26)));
            // No English word, keyword or type begins like this, and none of it looks like a plural.
            name.append(List.of("qu", "xo", "zi", "wy").get(random.nextInt(4))).append("vk");
        }
        return name.toString();
    }
}
