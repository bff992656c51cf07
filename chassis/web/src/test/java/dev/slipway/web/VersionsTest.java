package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.operation.Nothing;
import dev.slipway.operation.Operation;
import dev.slipway.operation.Outcome;
import dev.slipway.security.Policy;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VersionsTest {
    record Price(String text) {}

    record Money(long minorUnits, String currency) {}

    @AutoClose
    private final Api api = new Api(VersionsTest::routes);

    private static Operation<Nothing, Price> price() {
        return Operation.named("readPrice", "Reads a price.")
                .policy(Policy.anyone())
                .output(Price.class)
                .read(call -> Outcome.done(new Price("EUR 9.99")).version(4));
    }

    private static void routes(Rest rest) {
        var money = Operation.named("readPrice", "Reads a price.")
                .policy(Policy.anyone())
                .output(Money.class)
                .read(call -> Outcome.done(new Money(999, "EUR")).version(4));
        var mine = Operation.named("readMine", "Reads what is mine.")
                .policy(Policy.authenticated())
                .output(Price.class)
                .read(call -> Outcome.done(new Price("EUR 1")));
        rest.routes(
                Route.get("/price", price()).deprecated(LocalDate.of(2026, 1, 1), LocalDate.of(2027, 1, 1)),
                Route.get("/price", money).version(2).cached(Duration.ofMinutes(5)),
                Route.get("/mine", mine).cached(Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
                    /v1/price | - | -                                       | text
                    /v2/price | - | -                                       | minorUnits
                    /price    | - | -                                       | text
                    /price    | 1 | -                                       | text
                    /price    | 2 | -                                       | minorUnits
                    /price    | v2 | -                                      | minorUnits
                    /price    | - | application/vnd.shop.v2+json            | minorUnits
                    /price    | - | application/vnd.shop.v1+json            | text
                    /price    | - | application/json                        | text
                    /price    | 1 | application/vnd.shop.v2+json, */*;q=0.1 | text
                    /price    | - | application/vnd.shop.v1+json;q=0.5, application/vnd.shop.v2+json;q=0.6 | minorUnits
                    /price    | - | application/vnd.shop.v7+json, application/vnd.shop.v2+json;q=0.1 | minorUnits
                    /price    | - | application/vnd.shop.v7+json, */*;q=0.1 | text
                    /price    | - | Application/VND.shop.V2+json            | minorUnits
                    /price    | - | application/vnd.shop.v2+json;q=0, */*   | text
                    /v2/price | 1 | application/vnd.shop.v1+json, */*;q=0.1 | minorUnits
                    """, delimiter = '|')
    void the_path_decides_before_the_header_before_the_accepted_type(
            String path, @Nullable String header, @Nullable String accept, String field) throws Exception {
        var answer = get(path, header, accept);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"" + field + "\"");
    }

    private HttpResponse<String> get(String path, @Nullable String header, @Nullable String accept) throws Exception {
        var request = api.request(path);
        if (header != null) {
            request.header("X-Api-Version", header);
        }
        if (accept != null) {
            request.header("Accept", accept);
        }
        return api.send(request);
    }

    @Test
    void the_vendor_type_is_answered_to_who_asks_for_it() throws Exception {
        var asked = api.get("/v2/price", "Accept", "application/vnd.shop.v2+json");
        assertThat(asked.headers().firstValue("Content-Type")).contains("application/vnd.shop.v2+json");
        assertThat(api.get("/v2/price").headers().firstValue("Content-Type")).contains("application/json");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
                    /v3/price    | - | -                            | 404
                    /v3          | - | -                            | 404
                    /v999/price  | - | -                            | 404
                    /price       | 3 | -                            | 400
                    /price       | - | application/vnd.shop.v7+json | 406
                    """, delimiter = '|')
    void an_unknown_version_is_answered_with_those_that_exist(
            String path, @Nullable String header, @Nullable String accept, int status) throws Exception {
        var answer = get(path, header, accept);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(Api.code(answer)).isEqualTo("unknown-version");
        assertThat(answer.body()).contains("there is v1, v2");
    }

    @Test
    void a_version_must_be_a_number() throws Exception {
        assertThat(Api.fields(get("/price", "two", null))).containsExactly("X-Api-Version format");
    }

    @Test
    void two_versions_are_none() throws Exception {
        assertThat(Api.fields(api.get("/price", "X-Api-Version", "1", "X-Api-Version", "2")))
                .containsExactly("X-Api-Version format");
    }

    @Test
    void a_version_of_another_resource_is_not_one_of_this() throws Exception {
        var answer = get("/mine", "2", null);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("there is v1.");
    }

    @Test
    void caches_know_what_an_unversioned_answer_depends_on() throws Exception {
        assertThat(api.get("/price").headers().allValues("Vary")).containsExactly("X-Api-Version, Accept");
        assertThat(api.get("/v1/price").headers().allValues("Vary")).containsExactly("Accept");
        assertThat(get("/price", "7", null).headers().allValues("Vary")).containsExactly("X-Api-Version, Accept");
    }

    @Test
    void the_default_can_be_chosen() throws Exception {
        try (var newest = new Api(VersionsTest::routes, "--http.default-version=2")) {
            assertThat(newest.get("/price").body()).contains("minorUnits");
            assertThat(newest.get("/mine", "Authorization", "Bearer ann").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_deprecated_version_says_so_with_each_answer() throws Exception {
        var old = api.get("/v1/price").headers();
        assertThat(old.firstValue("Deprecation")).contains("@1767225600");
        assertThat(old.firstValue("Sunset")).contains("Fri, 01 Jan 2027 00:00:00 GMT");
        assertThat(api.get("/v2/price").headers().map()).doesNotContainKeys("deprecation", "sunset");
    }

    @Test
    void only_what_is_open_to_everybody_is_kept_by_everybody() throws Exception {
        assertThat(cacheControl(api.get("/v2/price"))).isEqualTo("public, max-age=300");
        assertThat(cacheControl(api.get("/v1/mine", "Authorization", "Bearer ann")))
                .isEqualTo("private, max-age=30");
        assertThat(cacheControl(api.get("/v1/price"))).isEqualTo("no-store");
        assertThat(cacheControl(api.get("/v1/mine"))).isEqualTo("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/mine", "/mine"})
    void what_one_caller_was_told_is_kept_for_nobody_else(String path) throws Exception {
        assertThat(vary(api.get(path, "Authorization", "Bearer ann"))).contains("Authorization");
        assertThat(vary(api.get("/v2/price"))).doesNotContain("Authorization");
    }

    private static List<String> vary(HttpResponse<String> answer) {
        return answer.headers().allValues("Vary").stream()
                .flatMap(value -> Stream.of(value.split(", ")))
                .toList();
    }

    /// A cache asks with the tags of all representations of a URL that it has, and takes the one whose tag comes back.
    @ParameterizedTest
    @ValueSource(strings = {"/price", "/v1/price", "/v2/price"})
    void no_two_representations_of_one_url_share_a_tag(String path) throws Exception {
        var byTag = new HashMap<String, Set<String>>();
        for (var version : new String[] {null, "1", "2"}) {
            for (var accept : new String[] {
                null,
                "application/json",
                "application/vnd.shop.v1+json, */*;q=0.1",
                "application/vnd.shop.v2+json, */*;q=0.1"
            }) {
                var answer = get(path, version, accept);
                var tag = answer.headers().firstValue("ETag").orElseThrow();
                byTag.computeIfAbsent(tag, any -> new HashSet<>())
                        .add(answer.headers().firstValue("Content-Type") + answer.body());
            }
        }
        assertThat(byTag.values()).allSatisfy(sharing -> assertThat(sharing).hasSize(1));
        assertThat(byTag).hasSize(path.equals("/price") ? 4 : 2);
    }

    @Test
    void who_has_one_version_is_sent_the_other() throws Exception {
        var first = api.get("/price").headers().firstValue("ETag").orElseThrow();
        var second = api.get("/price", "X-Api-Version", "2", "If-None-Match", first);
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).contains("minorUnits");
        var tag = second.headers().firstValue("ETag").orElseThrow();
        assertThat(api.get("/price", "X-Api-Version", "2", "If-None-Match", first + ", " + tag)
                        .statusCode())
                .isEqualTo(304);
    }

    private static String cacheControl(HttpResponse<String> answer) {
        return answer.headers().firstValue("Cache-Control").orElseThrow();
    }

    @Test
    void a_client_may_leave_fields_out() throws Exception {
        var some = api.get("/v2/price?fields=currency");
        assertThat(some.body()).isEqualTo("{\"currency\":\"EUR\"}");
        assertThat(some.headers().firstValue("ETag")).isEmpty();
        assertThat(Api.fields(api.get("/v2/price?fields=currency,secret"))).containsExactly("fields unknown");
        assertThat(Api.fields(api.get("/v2/price?fields=currency&fields=minorUnits")))
                .containsExactly("fields unknown");
        assertThat(Api.fields(api.get("/v2/price?fields="))).containsExactly("fields unknown");
        assertThat(Api.fields(api.get("/v2/price?other=currency"))).containsExactly("other unknown");
    }
}
